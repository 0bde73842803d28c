-- name: exclude_readings
-- Takes the readings from $3 to $4 out, $5 why, $6 who, $7 when. What is out already
-- stays as it is.
with good as (
    select endpoint_id, channel, ts, register_kwh, total_kwh, quality, reason
    from reading
    where endpoint_id = $1 and channel = $2 and ts between $3 and $4
      and reason <> 'excluded'
), taken as (
    update reading r
    set quality = 'rejected', reason = 'excluded', total_kwh = null
    from good g
    where r.endpoint_id = g.endpoint_id and r.channel = g.channel and r.ts = g.ts
), written as (
    insert into reading_mark (
        endpoint_id, channel, ts, action, register_kwh, total_kwh, quality, reason,
        note, done_by, done_at
    )
    select
        endpoint_id, channel, ts, 'exclude', register_kwh, total_kwh, quality, reason,
        $5, $6, $7
    from good
    returning ts
)
select count(*) as readings, min(ts) as first, max(ts) as last from written

-- name: restore_readings
-- Puts the readings from $3 to $4 back that were taken out, worth what they were.
with known as (
    select distinct on (ts) ts, total_kwh, quality, reason
    from reading_mark
    where endpoint_id = $1 and channel = $2 and ts between $3 and $4
      and action = 'exclude'
    order by ts, id desc
), put as (
    update reading r
    set quality = k.quality, reason = k.reason, total_kwh = k.total_kwh
    from known k
    where r.endpoint_id = $1 and r.channel = $2 and r.ts = k.ts
      and r.reason = 'excluded'
    returning
        r.endpoint_id, r.channel, r.ts, r.register_kwh, r.total_kwh, r.quality,
        r.reason
), written as (
    insert into reading_mark (
        endpoint_id, channel, ts, action, register_kwh, total_kwh, quality, reason,
        note, done_by, done_at
    )
    select
        endpoint_id, channel, ts, 'restore', register_kwh, total_kwh, quality, reason,
        $5, $6, $7
    from put
    returning ts
)
select count(*) as readings, min(ts) as first, max(ts) as last from written

-- name: count_readings_between
-- Readings of a channel from $3 to $4, $5 at the most.
select count(*) from (
    select from reading
    where endpoint_id = $1 and channel = $2 and ts between $3 and $4
    limit $5
) counted

-- name: list_marks
-- What was done with readings of an endpoint, the newest first; $2 and $3 bounds, $4 at
-- the most.
select
    id, endpoint_id::text as endpoint_id, channel, ts, action,
    trim_scale(register_kwh) as register_kwh, quality, reason, note, done_by, done_at
from reading_mark
where endpoint_id = $1 and ($2::timestamptz is null or ts >= $2)
  and ($3::timestamptz is null or ts < $3)
order by id desc limit $4
