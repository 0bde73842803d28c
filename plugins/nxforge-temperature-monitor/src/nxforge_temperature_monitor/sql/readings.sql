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

-- name: forget
-- What is older than an instant goes.
delete from reading where ts < $1;
