-- name: month_evidence
-- Around each instant the readings of a channel, as the device showed them: the last
-- one at or before it and the first one after it.
select
    w.n, b.ts as before_ts, trim_scale(b.register_kwh) as before_register,
    b.total_kwh as before_kwh, a.ts as after_ts,
    trim_scale(a.register_kwh) as after_register, a.total_kwh as after_kwh
from unnest($1::uuid[], $2::text[], $3::timestamptz[])
    with ordinality as w (endpoint_id, channel, at, n)
left join lateral (
    select r.ts, r.register_kwh, r.total_kwh from reading r
    where r.endpoint_id = w.endpoint_id and r.channel = w.channel and r.ts <= w.at
      and r.total_kwh is not null and r.register_kwh is not null
    order by r.ts desc limit 1
) b on true
left join lateral (
    select r.ts, r.register_kwh, r.total_kwh from reading r
    where r.endpoint_id = w.endpoint_id and r.channel = w.channel and r.ts > w.at
      and r.total_kwh is not null and r.register_kwh is not null
    order by r.ts limit 1
) a on true
order by w.n

-- name: month_breaks
-- Where the registers of the endpoints $1 began anew in [$2, $3).
select endpoint_id::text as endpoint_id, channel, ts, type, old_kwh, new_kwh
from meter_event
where endpoint_id = any($1::uuid[]) and ts >= $2 and ts < $3 and state <> 'dismissed'
  and type in ('replacement', 'reset', 'jump', 'multiplier_change', 'correction')
order by endpoint_id, channel, ts

-- name: month_meters
-- The meters that the endpoints $1 had in [$2, $3), in order of time.
select
    endpoint_id::text as endpoint_id, channel, serial, installed_at, removed_at,
    multiplier
from meter
where endpoint_id = any($1::uuid[])
  and (installed_at is null or installed_at < $3)
  and (removed_at is null or removed_at > $2)
order by endpoint_id, channel, installed_at nulls first, id
