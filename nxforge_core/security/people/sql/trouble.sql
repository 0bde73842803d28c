-- name: open_troubles
-- A row for each key, so that it can be locked.
insert into login_trouble (key, failures, last_at)
select key, 0, $2 from unnest($1::bytea[]) as key order by key
on conflict do nothing;

-- name: lock_troubles
-- What there is, in an order that all keep to: two of them never wait for each other.
select key, failures, last_at from login_trouble
where key = any($1::bytea[]) order by key for update;

-- name: keep_troubles
-- What there is from now on.
update login_trouble set failures = kept.failures, last_at = kept.last_at
from unnest($1::bytea[], $2::float8[], $3::timestamptz[]) as kept (key, failures, last_at)
where login_trouble.key = kept.key;

-- name: forget_troubles
-- What nobody has to wait for any more.
delete from login_trouble where last_at < $1;
