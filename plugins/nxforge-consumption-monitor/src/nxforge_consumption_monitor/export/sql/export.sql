-- name: days_of
-- The known energy of the endpoints $1 on each day of their zones in [$2, $3).
select
    (start_ts at time zone tz)::date as day, sum(energy_kwh) as energy_kwh,
    sum(estimated_kwh) filter (where energy_kwh is not null) as estimated_kwh
from rollup
where endpoint_id = any($1::uuid[]) and channel = 'total' and grain = 'day'
  and start_ts >= $2 and start_ts < $3
group by 1 order by 1
