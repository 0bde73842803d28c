-- name: hold_endpoint
-- Holds an endpoint's state for a restatement: a poll writes nothing meanwhile and stays
-- due, and what it read before no longer fits the revision afterwards. The advisory lock
-- tells the poll without letting it wait; it is had before the row.
with alone as materialized (
    select pg_advisory_xact_lock(
        hashtext('restatement'), hashtext($1::uuid::text)
    ) as had
)
select
    e.id::text as id, e.interval_s, e.gap_after_s, e.tz, e.max_kw, e.multiplier,
    e.modulus_kwh, e.register_digits, e.resolution_kwh, e.reset_policy
from alone
join endpoint_state s on s.endpoint_id = $1 and alone.had is not null
join endpoint e on e.id = s.endpoint_id
for no key update of s

-- name: channels_of
-- The channels of an endpoint.
select channel from channel_state where endpoint_id = $1 order by channel

-- name: last_good
-- The last good reading of a channel at or before $3; with $4 none whose register is
-- below one that was seen before, and none that only a later reading made good.
select ts from reading
where endpoint_id = $1 and channel = $2 and ts <= $3
  and quality in ('measured', 'estimated', 'manual')
  and not (
      $4 and (
          reason in ('jitter', 'reset', 'jump_rebased') or register_kwh is null
      )
  )
order by ts desc limit 1

-- name: history
-- Readings of a channel after $3, in order of time, $4 at the most. What another reading
-- of the same instant took the place of, and what a person took out, is no part of it.
select
    ts, trim_scale(register_kwh) as register_kwh, trim_scale(total_kwh) as total_kwh,
    trim_scale(power_kw) as power_kw, trim_scale(voltage) as voltage, quality, reason,
    source, resolution_kwh
from reading
where endpoint_id = $1 and channel = $2 and ts > $3
  and reason not in ('superseded', 'excluded')
order by ts limit $4

-- name: decided_events
-- Breaks of a channel's register in order of time: those about which a person decided,
-- and those that are proposed. What a person entered and dismissed again never was.
select ts, type, old_kwh, new_kwh, state
from meter_event
where endpoint_id = $1 and channel = $2
  and (state = 'confirmed' or origin = 'auto')
  and type in (
      'replacement', 'reset', 'rollover', 'jump', 'multiplier_change', 'correction'
  )
order by ts, id

-- name: rewrite_readings
-- What readings are worth by what is known now.
update reading r
set quality = m.quality, reason = m.reason, total_kwh = m.total_kwh
from json_to_recordset($3::text::json) as m (
    ts timestamptz, quality text, reason text, total_kwh numeric
)
where r.endpoint_id = $1 and r.channel = $2 and r.ts = m.ts

-- name: stored_rollups
-- Rows of a channel that begin at $3 or later.
select
    endpoint_id::text as endpoint_id, channel, grain, start_ts, end_ts, tz, energy_kwh,
    estimated_kwh, start_register, end_register, start_quality, end_quality, avg_kw,
    peak_kw_15m, peak_at, peak_kw_sample, min_kw, readings, expected, coverage, events,
    closed
from rollup
where endpoint_id = $1 and channel = $2 and start_ts >= $3

-- name: rewrite_rollups
-- Closed rows that changed. The revision tells that they did.
insert into closed_rollup as u (
    endpoint_id, channel, grain, start_ts, end_ts, tz, energy_kwh, estimated_kwh,
    start_register, end_register, start_quality, end_quality, avg_kw, peak_kw_15m,
    peak_at, peak_kw_sample, min_kw, readings, expected, coverage, events, closed
)
select
    endpoint_id, channel, grain, start_ts, end_ts, tz, energy_kwh, estimated_kwh,
    start_register, end_register, start_quality, end_quality, avg_kw, peak_kw_15m,
    peak_at, peak_kw_sample, min_kw, readings, expected, coverage, events, closed
from json_populate_recordset(null::closed_rollup, $1::text::json)
on conflict (endpoint_id, channel, grain, start_ts) do update set
    end_ts = excluded.end_ts, tz = excluded.tz,
    energy_kwh = excluded.energy_kwh, estimated_kwh = excluded.estimated_kwh,
    start_register = excluded.start_register, end_register = excluded.end_register,
    start_quality = excluded.start_quality, end_quality = excluded.end_quality,
    avg_kw = excluded.avg_kw, peak_kw_15m = excluded.peak_kw_15m,
    peak_at = excluded.peak_at, peak_kw_sample = excluded.peak_kw_sample,
    min_kw = excluded.min_kw, readings = excluded.readings,
    expected = excluded.expected, coverage = excluded.coverage,
    events = excluded.events, closed = excluded.closed,
    revision = u.revision + u.closed::integer, computed_at = now()

-- name: drop_rollups
-- Rows in which no time is known any more, or that are open again.
delete from closed_rollup r
using json_populate_recordset(null::closed_rollup, $1::text::json) g
where r.endpoint_id = g.endpoint_id and r.channel = g.channel and r.grain = g.grain
  and r.start_ts = g.start_ts

-- name: settle_proposals
-- Breaks of a channel after $3 that the readings do not show any more, $4 being those
-- that they show: nobody decided about them, so they go.
delete from meter_event e
where e.endpoint_id = $1 and e.channel = $2 and e.ts > $3
  and e.origin = 'auto' and e.state = 'proposed'
  and e.type in ('reset', 'rollover', 'jump')
  and not exists (
      select from json_populate_recordset(null::meter_event, $4::text::json) f
      where f.ts = e.ts and f.type = e.type
  )

-- name: propose_events
-- Breaks that a replay found.
insert into meter_event (endpoint_id, channel, ts, type, old_kwh, new_kwh, origin, note)
select endpoint_id, channel, ts, type, old_kwh, new_kwh, 'auto', note
from json_populate_recordset(null::meter_event, $1::text::json)
on conflict do nothing

-- name: remember_channel
-- Where a channel stands after a replay: $3 and $4 its states, $5 its last good reading;
-- $6: what is open in there has rows of a locked month that stay.
insert into channel_state (
    endpoint_id, channel, register_state, rollup_state, ts, register_kwh, total_kwh,
    quality, sealed
)
select $1, $2, $3::text::jsonb, $4::text::jsonb, r.ts, r.register_kwh, r.total_kwh,
    r.quality, $6
from (select $5::timestamptz as ts) w
left join reading r on r.endpoint_id = $1 and r.channel = $2 and r.ts = w.ts
on conflict (endpoint_id, channel) do update set
    register_state = excluded.register_state,
    rollup_state = excluded.rollup_state,
    sealed = channel_state.sealed or excluded.sealed,
    ts = excluded.ts,
    register_kwh = excluded.register_kwh,
    total_kwh = excluded.total_kwh,
    quality = coalesce(excluded.quality, channel_state.quality)

-- name: bump_revision
-- A poll that computed from what was there before writes nothing.
update endpoint_state set revision = revision + 1 where endpoint_id = $1

-- name: locked_months
-- The months of an endpoint that are closed.
select l.month
from period_lock l
where l.group_id is null or exists (
    select from locked_endpoint k where k.lock_id = l.id and k.endpoint_id = $1
)
group by l.month order by l.month

-- name: booked_adjustments
-- What is booked already for corrections of locked months.
select channel, month, sum(energy_kwh) as energy_kwh
from adjustment where endpoint_id = $1
group by channel, month

-- name: book_adjustment
-- A correction of the locked month $3, as a line of the month $4.
insert into adjustment as a (endpoint_id, channel, month, booked_month, energy_kwh)
values ($1, $2, $3, $4, $5)
on conflict (endpoint_id, channel, month, booked_month) do update set
    energy_kwh = a.energy_kwh + excluded.energy_kwh, updated_at = now()

-- name: first_stored
-- The first reading of a channel that is stored, whatever it is worth.
select min(ts) from reading where endpoint_id = $1 and channel = $2

-- name: kept_since
-- The first good reading of a channel, where retention has deleted those before the
-- first one that is stored, $3.
select f.ts
from (
    select min(ts) as ts from reading
    where endpoint_id = $1 and channel = $2
      and quality in ('measured', 'estimated', 'manual')
) f
where exists (
    select from rollup r
    where r.endpoint_id = $1 and r.channel = $2 and r.end_ts <= $3
)

-- name: endpoints_to_verify
-- Whose rows are compared with their readings: $1, or null for all not archived.
select id::text as id, name from endpoint
where archived_at is null and ($1::uuid[] is null or id = any($1))
order by name, id

-- name: months_beside_days
-- Months of an endpoint that end after $2 and are not the sum of their days.
select
    m.channel, m.grain, m.start_ts as start, m.end_ts as end,
    m.energy_kwh as before_kwh, d.energy_kwh as after_kwh
from rollup m
cross join lateral (
    select sum(d.energy_kwh) as energy_kwh from rollup d
    where d.endpoint_id = m.endpoint_id and d.channel = m.channel
      and d.grain = 'day' and d.start_ts >= m.start_ts and d.start_ts < m.end_ts
) d
where m.endpoint_id = $1 and m.grain = 'month' and m.end_ts > $2
  and m.energy_kwh is distinct from d.energy_kwh
order by m.channel, m.start_ts
