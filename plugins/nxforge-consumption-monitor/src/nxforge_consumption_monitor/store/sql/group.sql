-- name: list_groups
-- Groups by name; $1 null or one id. `members` are endpoints that are not archived.
select
    g.id::text as id, g.name, g.kind, g.tz, g.tariff_id::text as tariff_id,
    g.created_at, g.updated_at,
    (
        select count(*) from endpoint e
        where e.group_id = g.id and e.archived_at is null
    ) as members
from endpoint_group g
where $1::uuid is null or g.id = $1
order by g.name, g.id

-- name: hold_groups
-- Writers of groups one at a time; readers are not held up.
lock table endpoint_group in share row exclusive mode

-- name: group_name_taken
-- Whether another group bears the name.
select exists (select from endpoint_group where name = $1 and id <> $2::uuid)

-- name: write_group
-- A new group, or what a known one is now.
insert into endpoint_group (id, name, kind, tz, tariff_id)
values ($1, $2, $3, $4, $5)
on conflict (id) do update set
    name = excluded.name, kind = excluded.kind, tz = excluded.tz,
    tariff_id = excluded.tariff_id, updated_at = now()

-- name: group_uses
-- What keeps a group: its endpoints, archived ones too, and its locked months.
select
    (select count(*) from endpoint where group_id = $1) as endpoints,
    (select count(*) from period_lock where group_id = $1) as locks

-- name: delete_group_reports
-- The stored reports of a group that goes.
delete from report where group_id = $1

-- name: delete_group
-- A group that nothing belongs to.
delete from endpoint_group where id = $1
