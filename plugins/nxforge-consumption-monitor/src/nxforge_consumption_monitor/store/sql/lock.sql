-- name: hold_locks
-- Writers of locks one at a time; readers are not held up.
lock table period_lock in share row exclusive mode

-- name: list_locks
-- Locked months, the newest first; $1 null or one lock.
select
    l.id, l.group_id::text as group_id, coalesce(g.name, '') as group_name, l.month,
    l.locked_at, l.locked_by, l.report_sha256, l.note, l.forced,
    (
        select max(r.id) from report r
        where r.group_id is not distinct from l.group_id and r.month = l.month
          and r.sha256 = l.report_sha256
    ) as report_id
from period_lock l
left join endpoint_group g on g.id = l.group_id
where $1::bigint is null or l.id = $1
order by l.month desc, l.id desc

-- name: hold_states
-- Holds the states of endpoints: no poll and no restatement writes them meanwhile.
select endpoint_id from endpoint_state
where endpoint_id = any($1::uuid[])
order by endpoint_id
for no key update

-- name: proposed_between
-- Events that nobody decided about and that count, of endpoints each with its bounds.
select v.id, e.name as endpoint_name, v.type, v.ts
from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[])
    as w (endpoint_id, low, high)
join meter_event v on v.endpoint_id = w.endpoint_id and v.state = 'proposed'
    and v.ts >= w.low and v.ts < w.high
join endpoint e on e.id = v.endpoint_id
where v.type in (
    'replacement', 'reset', 'rollover', 'jump', 'multiplier_change', 'correction'
)
order by v.ts, v.id

-- name: insert_lock
-- A locked month with those that it holds. No row: it is locked already.
with fresh as (
    insert into period_lock (
        group_id, month, locked_at, locked_by, report_sha256, note, forced
    )
    values ($1, $2, $3, $4, $5, $6, $7)
    on conflict do nothing
    returning id
), held as (
    insert into locked_endpoint (lock_id, endpoint_id)
    select fresh.id, m.id
    from fresh, unnest($8::uuid[]) as m (id)
    where $1::uuid is not null
)
select id from fresh

-- name: delete_lock
-- A month is open again.
delete from period_lock where id = $1

-- name: insert_lock_entry
-- Who locked or unlocked a month.
insert into lock_entry (
    action, group_id, month, report_sha256, done_by, note, done_at
)
values ($1, $2, $3, $4, $5, $6, $7)

-- name: list_lock_entries
-- Who locked and unlocked, the newest first, $1 at the most.
select
    n.id, n.action, n.group_id::text as group_id, coalesce(g.name, '') as group_name,
    n.month, n.report_sha256, n.done_by, n.note, n.done_at
from lock_entry n
left join endpoint_group g on g.id = n.group_id
order by n.id desc limit $1

-- name: freed_adjustments
-- Adjustments of the month $1 of endpoints that no lock holds in it any more, with
-- whether the month that they are booked in is locked.
select
    a.endpoint_id::text as endpoint_id, e.name as endpoint_name, a.booked_month,
    exists (
        select from period_lock b
        where b.month = a.booked_month and (b.group_id is null or exists (
            select from locked_endpoint k
            where k.lock_id = b.id and k.endpoint_id = a.endpoint_id
        ))
    ) as booked_is_locked
from adjustment a
join endpoint e on e.id = a.endpoint_id
where a.month = $1 and not exists (
    select from period_lock l
    where l.month = a.month and (l.group_id is null or exists (
        select from locked_endpoint k
        where k.lock_id = l.id and k.endpoint_id = a.endpoint_id
    ))
)
order by e.name, a.booked_month

-- name: delete_adjustments
-- The adjustments of the month $2 of an endpoint: its own rows say it again.
delete from adjustment where endpoint_id = $1 and month = $2
