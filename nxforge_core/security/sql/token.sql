-- name: add_token
-- Answers the id, or nothing where an active API token has the name.
insert into token (kind, name, role, hash, hint, created_at, expires_at)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (name) where kind = 'api' and revoked_at is null do nothing
returning id;

-- name: retire_expired_token
-- Frees the name of an API token that has expired.
update token set revoked_at = expires_at
where kind = 'api' and name = $1 and revoked_at is null and expires_at <= $2;

-- name: find_token
-- The token of a hash; whether it has expired is judged by the caller's clock.
select id, kind, name, role, hint, created_at, expires_at, last_used_at
from token
where hash = $1 and revoked_at is null;

-- name: touch_tokens
-- Remembers when tokens were last used, once a minute for each at the most.
update token set last_used_at = used.at
from unnest($1::bigint[], $2::timestamptz[]) as used (id, at)
where token.id = used.id
  and (token.last_used_at is null or token.last_used_at <= used.at - interval '1 minute');

-- name: revoke_token_by_id
-- Answers the id of what was revoked.
update token set revoked_at = $2
where id = $1 and revoked_at is null
returning id;

-- name: revoke_tokens_by_name
-- Answers the ids of what was revoked.
update token set revoked_at = $2
where name = $1 and revoked_at is null
returning id;

-- name: list_tokens
-- What is not revoked, without sessions that have ended.
select id, kind, name, role, hint, created_at, expires_at, last_used_at
from token
where revoked_at is null and (kind = 'api' or expires_at > $1)
order by name, id;
