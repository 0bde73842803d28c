-- name: list_own_roles
-- All of them, by name.
select name, description, permissions, created_at, changed_at from own_role
order by name;

-- name: put_own_role
-- Makes or changes it.
insert into own_role (name, description, permissions, created_at, changed_at)
values ($1, $2, $3, $4, $4)
on conflict (name) do update set description = excluded.description,
    permissions = excluded.permissions, changed_at = excluded.changed_at;

-- name: own_role_to_change
-- As it is; nobody else changes it now.
select name, description, permissions from own_role where name = $1 for update;

-- name: remove_own_role
-- Nobody has it any more.
delete from own_role where name = $1;

-- name: role_holders
-- Who has the role: people, and tokens and guests that work.
select name from person where role = $1
union all
select 'token ' || name from token
where role = $1 and revoked_at is null and (expires_at is null or expires_at > $2)
union all
select 'guest ' || name from session where role = $1 and ends_at > $2
order by 1;
