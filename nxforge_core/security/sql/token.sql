-- name: add_token
-- Answers the id, or nothing where an active token of that owner has the name.
insert into token
    (name, role, owner, permissions, plugins, hash, hint, created_at, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (coalesce(owner, 0), name) where revoked_at is null do nothing
returning id;

-- name: retire_expired_token
-- Frees the name of a token that has expired.
update token set revoked_at = expires_at
where name = $1 and owner is not distinct from $2::bigint and revoked_at is null
    and expires_at <= $3;

-- name: find_token
-- The token of a hash with what its holder may do now; whether it has expired is
-- judged by the caller's clock.
select token.id, token.name, token.owner, person.name as holder,
    coalesce(token.role, person.role) as role, own_role.permissions as grants,
    token.permissions, token.plugins, token.hint, token.created_at, token.expires_at,
    token.last_used_at
from token
left join person on person.id = token.owner
left join own_role on own_role.name = coalesce(token.role, person.role)
where token.hash = $1 and token.revoked_at is null
    and (token.owner is null or person.active);

-- name: touch_tokens
-- Remembers when tokens were last used, once a minute for each at the most.
update token set last_used_at = used.at
from unnest($1::bigint[], $2::timestamptz[]) as used (id, at)
where token.id = used.id
  and (token.last_used_at is null or token.last_used_at <= used.at - interval '1 minute');

-- name: revoke_token_by_id
-- Answers what was revoked.
update token set revoked_at = $3
where id = $1 and revoked_at is null and ($2::bigint is null or owner = $2)
returning id, name, hint;

-- name: revoke_tokens_by_name
-- Answers what was revoked.
update token set revoked_at = $3
where name = $1 and revoked_at is null and ($2::bigint is null or owner = $2)
returning id, name, hint;

-- name: list_tokens
-- What is not revoked and whose holder is active, of one person or of all.
select token.id, token.name, token.owner, person.name as holder,
    coalesce(token.role, person.role) as role, own_role.permissions as grants,
    token.permissions, token.plugins, token.hint, token.created_at, token.expires_at,
    token.last_used_at
from token
left join person on person.id = token.owner
left join own_role on own_role.name = coalesce(token.role, person.role)
where token.revoked_at is null and (token.owner is null or person.active)
    and ($1::bigint is null or token.owner = $1)
order by token.name, token.id;
