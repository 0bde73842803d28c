-- name: add_link
-- Stores the hash of a one-time code.
insert into login_link (hash, kind, name, role, person, created_at, expires_at)
values ($1, $2, $3, $4, $5, $6, $7);

-- name: find_link
-- Whether a code could be used now, and of whom it is.
select coalesce(person.name, '') as name
from login_link left join person on person.id = login_link.person
where login_link.hash = $1 and login_link.kind = $2 and login_link.claimed_at is null
    and login_link.expires_at > $3;

-- name: claim_link
-- Uses a code up: of many that try at once exactly one gets the row.
update login_link set claimed_at = $3
where hash = $1 and kind = $2 and claimed_at is null and expires_at > $3
returning name, role, person;

-- name: forget_links
-- Removes codes that nobody can use any more.
delete from login_link where expires_at <= $1;

-- name: forget_setup_links
-- There is an administrator: nobody makes the first one any more.
delete from login_link where kind = 'setup';

-- name: confirm_login
-- Somebody is still active and has still this password; nobody changes it meanwhile.
select id, name, role from person
where id = $1 and active and password is not distinct from $2
for no key update;
