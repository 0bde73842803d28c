-- name: know
-- Whoever sends is a sensor.
insert into sensor (name) values ($1) on conflict do nothing;

-- name: hold
-- One reading of a sensor is stored after the other.
select name, low, high, hysteresis, state,
    (select max(ts) from reading where reading.sensor = sensor.name) as newest
from sensor where name = $1 for update;

-- name: store
-- One reading; the same sensor and instant again changes nothing.
insert into reading (sensor, ts, celsius)
values ($1, $2, $3)
on conflict do nothing;

-- name: newest
-- The newest reading of each sensor.
select distinct on (sensor) sensor, ts, celsius
from reading
order by sensor, ts desc;

-- name: readings
-- Of one sensor, the newest first.
select sensor, ts, celsius from reading
where sensor = $1 and ts >= $2 and ts < $3
order by ts desc
limit $4;

-- name: quarter
-- What is known of a quarter of an hour.
select low, high, total, count from quarter where sensor = $1 and start = $2;

-- name: put_quarter
-- What is known now.
insert into quarter (sensor, start, low, high, total, count)
values ($1, $2, $3, $4, $5, $6)
on conflict (sensor, start) do update
set low = excluded.low, high = excluded.high, total = excluded.total,
    count = excluded.count;

-- name: quarters
-- Of some sensors, in order.
select sensor, start, low, high, total, count from quarter
where (sensor = $1 or $1::text is null) and start >= $2 and start < $3
order by sensor, start;

-- name: forget
-- What is older than an instant goes.
delete from reading where ts < $1;

-- name: forget_quarters
-- The same of minima, maxima and means.
delete from quarter where start < $1;

-- name: set_state
-- Normal, or beyond a threshold.
update sensor set state = $2 where name = $1;

-- name: open_alert
-- A threshold is crossed.
insert into alert (sensor, kind, threshold, worst, began_at)
values ($1, $2, $3, $4, $5);

-- name: worst_low
-- It went on and became colder.
update alert set worst = least(worst, $2) where sensor = $1 and ended_at is null;

-- name: worst_high
-- It went on and became hotter.
update alert set worst = greatest(worst, $2) where sensor = $1 and ended_at is null;

-- name: close_alert
-- It is over.
update alert set ended_at = $2 where sensor = $1 and ended_at is null;

-- name: alerts
-- The newest first, all or those that are open, of one sensor or all.
select id, sensor, kind, threshold, worst, began_at, ended_at from alert
where (sensor = $1 or $1::text is null) and (not $2 or ended_at is null)
    and ($3::bigint is null or id < $3)
order by id desc
limit $4;
