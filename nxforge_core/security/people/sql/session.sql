-- name: add_session
-- Answers the id.
insert into session
    (hash, person, name, role, created_at, last_used_at, ends_at, address, agent)
values ($1, $2, $3, $4, $5, $5, $6, $7, $8)
returning id;

-- name: find_session
-- The session of a hash with what its owner may do; how old it is, the caller judges.
select session.id, session.person, coalesce(person.name, session.name) as name,
    coalesce(person.role, session.role) as role, own_role.permissions as grants,
    session.last_used_at, session.ends_at
from session
left join person on person.id = session.person
left join own_role on own_role.name = coalesce(person.role, session.role)
where session.hash = $1 and (session.person is null or person.active);

-- name: touch_sessions
-- Remembers when sessions were last used.
update session set last_used_at = used.at
from unnest($1::bigint[], $2::timestamptz[]) as used (id, at)
where session.id = used.id and session.last_used_at < used.at;

-- name: list_sessions
-- Those that still run, newest first, of one person or of all.
select session.id, coalesce(person.name, session.name) as name,
    session.person is null as guest, session.created_at, session.last_used_at,
    session.ends_at, session.address, session.agent
from session left join person on person.id = session.person
where session.ends_at > $1 and session.last_used_at > $2
    and ($3::bigint is null or session.person = $3)
order by session.id desc;

-- name: end_session
-- Of one person or, without one, anybody's; answers whose it was.
delete from session where id = $1 and ($2::bigint is null or person = $2)
returning coalesce((select name from person where id = session.person), name) as name;

-- name: end_session_by_hash
-- Whoever holds it ends it.
delete from session where hash = $1;

-- name: forget_sessions
-- Those that have ended, by themselves or because nobody used them.
delete from session where ends_at <= $1 or last_used_at <= $2;

-- name: add_device
-- A browser that somebody logged in with.
insert into device (hash, person, created_at, ends_at) values ($1, $2, $3, $4);

-- name: find_device
-- Whether this browser is known of this person.
select 1 from device where hash = $1 and person = $2 and ends_at > $3;

-- name: forget_old_devices
-- Those that nobody logged in with for long.
delete from device where ends_at <= $1;
