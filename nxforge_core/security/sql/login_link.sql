-- name: add_login_link
-- Stores the hash of a one-time code.
insert into login_link (hash, name, role, created_at, expires_at)
values ($1, $2, $3, $4, $5);

-- name: claim_login_link
-- Uses a code up: of many that try at once exactly one gets the row.
update login_link set claimed_at = $2
where hash = $1 and claimed_at is null and expires_at > $2
returning name, role;

-- name: forget_login_links
-- Removes codes that nobody can use any more.
delete from login_link where expires_at <= $1;

-- name: forget_sessions
-- Removes sessions that have ended.
delete from token where kind = 'session' and expires_at <= $1;
