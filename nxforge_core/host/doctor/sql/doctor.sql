-- name: doctor_login
-- What the host's login may, and how the server keeps passwords.
select current_user::text as login, rolsuper as superuser,
    current_setting('password_encryption') as encryption
from pg_roles where rolname = current_user;

-- name: doctor_people
-- Who can log in, with the cost of the hash in its text.
select name, role, password from person where active order by name;

-- name: doctor_tokens
-- Tokens that never end: those of administrators without limits apart.
select t.name, coalesce(t.role, p.role) = 'admin'
    and t.permissions is null and t.plugins is null as admin
from token t left join person p on p.id = t.owner
where t.revoked_at is null and t.expires_at is null
order by t.name;

-- name: doctor_networks
-- Where requests may go beside the setting.
select entry from network order by id;

-- name: doctor_sightings
-- What requests showed in the last weeks.
select what, detail, seen_at from sighting where seen_at > $1 order by what;
