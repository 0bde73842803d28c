-- name: lock_people
-- One change of people and roles at a time: nobody else takes the last admin away.
select pg_advisory_xact_lock(hashtextextended('nxforge.people', 0));

-- name: add_person
-- Answers the id, or nothing where the name is taken, whatever its case.
insert into person (name, display_name, email, role, created_at)
values ($1, $2, $3, $4, $5)
on conflict (lower(name)) do nothing
returning id;

-- name: list_people
-- Everybody, by name.
select id, name, display_name, email, role, active, created_at, password_at,
    last_login_at
from person
where $1::text is null or lower(name) = lower($1)
order by lower(name);

-- name: person_to_change
-- Somebody with what the role holds, if it is an own one; nobody else changes it now.
select person.id, person.name, person.display_name, person.email, person.role,
    person.active, person.password is not null as armed, own_role.permissions as grants
from person left join own_role on own_role.name = person.role
where lower(person.name) = lower($1)
for update of person;

-- name: change_person
-- All that can be changed about somebody but name and password.
update person set display_name = $2, email = $3, role = $4, active = $5 where id = $1;

-- name: count_admins
-- Those who can log in and administer.
select count(*) from person where active and role = 'admin' and password is not null;

-- name: end_sessions
-- Answers how many somebody's sessions were; one of them may stay.
with gone as (
    delete from session where person = $1 and id is distinct from $2::bigint
    returning 1
)
select count(*) from gone;

-- name: forget_devices
-- Browsers are strangers again.
delete from device where person = $1;

-- name: forget_person_links
-- Links that would set a password.
delete from login_link where person = $1;

-- name: set_password
-- The hash, and when it was set.
update person set password = $2, password_at = $3 where id = $1;

-- name: renew_hash
-- The same password with today's cost, unless it was changed meanwhile.
update person set password = $3 where id = $1 and password = $2;

-- name: find_login
-- Who wants to log in.
select id, name, display_name, role, active, password from person
where lower(name) = lower($1);

-- name: find_login_by_id
-- The same for somebody who is logged in.
select id, name, display_name, role, active, password from person where id = $1;

-- name: note_login
-- When somebody last logged in.
update person set last_login_at = $2 where id = $1;

-- name: people_names
-- Words that are no password: what a person is called.
select name, display_name, coalesce(email, '') as email from person where id = $1;
