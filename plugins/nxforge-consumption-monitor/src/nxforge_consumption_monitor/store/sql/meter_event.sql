-- name: list_events
-- Events of meters, the newest first: $1 null or a state, $2 an endpoint, $3 a type, $4
-- one event, $5 and $6 bounds of its instant, $7 at the most.
select
    v.id, v.endpoint_id::text as endpoint_id, e.name as endpoint_name, v.channel, v.ts,
    v.type, trim_scale(v.old_kwh) as old_kwh, trim_scale(v.new_kwh) as new_kwh,
    v.origin, v.state, v.note, v.created_at, v.decided_by, v.decided_at
from meter_event v join endpoint e on e.id = v.endpoint_id
where ($1::text is null or v.state = $1)
  and ($2::uuid is null or v.endpoint_id = $2)
  and ($3::text is null or v.type = $3)
  and ($4::bigint is null or v.id = $4)
  and ($5::timestamptz is null or v.ts >= $5)
  and ($6::timestamptz is null or v.ts < $6)
order by v.ts desc, v.id desc limit $7

-- name: insert_event
-- An event that a person enters, or enters again after it was dismissed. No row: there
-- is one of the type at the instant.
insert into meter_event as v (
    endpoint_id, channel, ts, type, old_kwh, new_kwh, origin, state, note, decided_by,
    decided_at
)
values ($1, $2, $3, $4, $5, $6, 'user', 'confirmed', $7, $8, $9)
on conflict (endpoint_id, channel, type, ts) do update set
    old_kwh = excluded.old_kwh, new_kwh = excluded.new_kwh, state = excluded.state,
    note = excluded.note, decided_by = excluded.decided_by,
    decided_at = excluded.decided_at
where v.origin = 'user' and v.state = 'dismissed'
returning id

-- name: event_at
-- The event of a type at an instant.
select id from meter_event
where endpoint_id = $1 and channel = $2 and type = $3 and ts = $4

-- name: decide_event
-- What a person decided about an event.
update meter_event
set
    state = $2, old_kwh = $3, new_kwh = $4, note = $5, decided_by = $6, decided_at = $7
where id = $1

-- name: readings_around
-- The last good reading before an instant, and the first good one from it on.
select
    b.ts as before_ts, trim_scale(b.register_kwh) as before_register,
    b.total_kwh as before_total, a.ts as after_ts,
    trim_scale(a.register_kwh) as after_register, a.total_kwh as after_total
from (select 1) one
left join lateral (
    select ts, register_kwh, total_kwh from reading
    where endpoint_id = $1 and channel = $2 and ts < $3
      and quality in ('measured', 'estimated', 'manual') and register_kwh is not null
    order by ts desc limit 1
) b on true
left join lateral (
    select ts, register_kwh, total_kwh from reading
    where endpoint_id = $1 and channel = $2 and ts >= $3
      and reason not in ('superseded', 'excluded') and register_kwh is not null
      and quality <> 'rejected'
    order by ts limit 1
) a on true

-- name: split_meter
-- Another meter from $3 on: the one that was there ends, as it was multiplied until
-- then. $4 its final register, $5 its serial.
with there as (
    select m.* from meter m
    where m.endpoint_id = $1 and m.channel = $2
      and (m.installed_at is null or m.installed_at < $3)
      and (m.removed_at is null or m.removed_at > $3)
), ended as (
    update meter m
    set
        removed_at = $3, final_kwh = $4, serial = coalesce(nullif($5, ''), m.serial),
        multiplier = coalesce(m.multiplier, e.multiplier)
    from there t, endpoint e
    where m.id = t.id and e.id = m.endpoint_id
    returning m.id
), begun as (
    insert into meter (
        endpoint_id, channel, serial, installed_at, removed_at, final_kwh, multiplier
    )
    select
        e.id, $2, $5,
        (
            select max(p.removed_at) from meter p
            where p.endpoint_id = $1 and p.channel = $2 and p.removed_at < $3
        ),
        $3, $4, e.multiplier
    from endpoint e
    where e.id = $1 and not exists (select from there)
    returning id
), bounds as (
    select t.removed_at, t.multiplier, t.modulus_kwh from there t
    union all
    select
        (
            select min(n.installed_at) from meter n
            where n.endpoint_id = $1 and n.channel = $2 and n.installed_at > $3
        ),
        null, null
    where not exists (select from there)
)
select removed_at, multiplier, modulus_kwh from bounds

-- name: insert_meter
-- The meter of a channel from $3 to $4.
insert into meter (
    endpoint_id, channel, installed_at, removed_at, serial, initial_kwh, multiplier,
    modulus_kwh
)
values ($1, $2, $3, $4, $5, $6, $7, $8)

-- name: join_meters
-- No other meter came at $3: the one before it goes on. What it is multiplied by stays,
-- unless that is what the endpoint says anyway.
with gone as (
    delete from meter
    where endpoint_id = $1 and channel = $2 and installed_at = $3
    returning removed_at
)
select m.id, g.removed_at, nullif(m.multiplier, e.multiplier) as multiplier
from gone g
join meter m on m.endpoint_id = $1 and m.channel = $2 and m.removed_at = $3
join endpoint e on e.id = m.endpoint_id

-- name: reopen_meter
-- A meter goes on to $2, multiplied by $3.
update meter set removed_at = $2, final_kwh = null, multiplier = $3 where id = $1

-- name: assign_meters
-- Which meter the readings of a channel from $3 on are of.
update reading r set meter_id = m.id
from meter m
where r.endpoint_id = $1 and r.channel = $2 and r.ts >= $3
  and m.endpoint_id = $1 and m.channel = $2
  and (m.installed_at is null or m.installed_at <= r.ts)
  and (m.removed_at is null or m.removed_at > r.ts)
  and r.meter_id is distinct from m.id

-- name: trailing_points
-- Good totals of a channel in [$3, $4], in order of time.
select ts, total_kwh from reading
where endpoint_id = $1 and channel = $2 and ts between $3 and $4
  and total_kwh is not null
order by ts

-- name: breaks_between
-- Breaks of a channel's register in [$3, $4) that count: confirmed ones, and proposed
-- ones, which count until somebody decides.
select ts, type, trim_scale(old_kwh) as old_kwh, trim_scale(new_kwh) as new_kwh, state
from meter_event
where endpoint_id = $1 and channel = $2 and ts >= $3 and ts < $4
  and (state = 'confirmed' or (origin = 'auto' and state = 'proposed'))
  and type in (
      'replacement', 'reset', 'rollover', 'jump', 'multiplier_change', 'correction'
  )
order by ts, id
