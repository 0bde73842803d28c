-- name: sensors
-- All of them with their newest reading.
select sensor.*, newest.ts, newest.celsius
from sensor
left join lateral (
    select ts, celsius from reading
    where reading.sensor = sensor.name order by ts desc limit 1
) as newest on true
where $1::text is null or sensor.name = $1
order by sensor.name;

-- name: add_sensor
-- A new one; answers nothing where the name is taken.
insert into sensor (name, url, kind, place, unit, interval_s, enabled, low, high, hysteresis)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict do nothing
returning name;

-- name: change_sensor
-- All that can be changed; it is read at once.
update sensor
set url = $2, kind = $3, place = $4, unit = $5, interval_s = $6, enabled = $7,
    low = $8, high = $9, hysteresis = $10, next_at = $11, failures = 0, error = null
where name = $1
returning name;

-- name: switch_sensors
-- They are read from now on, or not any more.
update sensor set enabled = $2, next_at = $3 where name = any($1::text[]);

-- name: remove_sensors
-- They go with their readings and alerts.
delete from sensor where name = any($1::text[]);

-- name: due_sensors
-- What is to be read now, the most overdue first.
select name, url, kind, place, unit from sensor
where enabled and url is not null and next_at <= $1
order by next_at
limit 1000;

-- name: note_success
-- It was read.
update sensor
set failures = 0, error = null, read_at = $2::timestamptz,
    next_at = $2::timestamptz + interval_s * interval '1 second'
where name = $1;

-- name: note_failure
-- It was not; whoever fails again and again is asked less often.
update sensor
set failures = failures + 1, error = $3,
    next_at = $2::timestamptz + least(failures + 1, 10) * interval_s * interval '1 second'
where name = $1;

-- name: health
-- How many are read, how many of them fail, and since when one is overdue.
select count(*) as enabled, count(*) filter (where failures > 2) as failing,
    min(next_at) as due
from sensor
where enabled and url is not null;
