-- name: series_endpoints
-- Whose series are shown: those with the ids $1, or those of the group $2.
select id::text as id, name, external_ref, interval_s, gap_after_s, tz, created_at
from endpoint
where ($1::uuid[] is null or id = any($1)) and ($2::uuid is null or group_id = $2)
order by name, id limit $3

-- name: series_points
-- Readings of a channel in [$3, $4) as columns, $5 at the most. The power of a suspect
-- reading is true; its total is not known.
select
    coalesce(array_agg(ts), '{}') as ts, coalesce(array_agg(power_kw), '{}') as kw,
    coalesce(array_agg(total_kwh), '{}') as kwh
from (
    select ts, power_kw, total_kwh from reading
    where endpoint_id = $1 and channel = $2 and ts >= $3 and ts < $4
      and quality <> 'rejected'
    order by ts limit $5
) r

-- name: power_buckets
-- The hours of a channel in [$3, $4) in buckets of $5 seconds, as columns. Where no
-- power is sampled, the means of the register stand for it.
select
    coalesce(array_agg(ts), '{}') as ts, coalesce(array_agg(low), '{}') as min_kw,
    coalesce(array_agg(high), '{}') as max_kw,
    coalesce(array_agg(measured), '{}') as measured_kwh,
    coalesce(array_agg(covered), '{}') as covered
from (
    select
        date_bin(make_interval(secs => $5), start_ts, $3) as ts,
        min(coalesce(min_kw, avg_kw)) as low,
        max(coalesce(peak_kw_sample, peak_kw_15m, avg_kw)) as high,
        sum(energy_kwh - estimated_kwh) filter (where coverage > 0) as measured,
        sum(coverage) as covered
    from rollup
    where endpoint_id = $1 and channel = $2 and grain = 'hour'
      and start_ts >= $3 and start_ts < $4
    group by 1 order by 1
) b

-- name: energy_buckets
-- The rows of a channel and grain that share time with [$4, $5), as columns.
select
    coalesce(array_agg(start_ts), '{}') as start_ts,
    coalesce(array_agg(end_ts), '{}') as end_ts,
    coalesce(array_agg(energy_kwh), '{}') as kwh,
    coalesce(array_agg(estimated_kwh), '{}') as estimated_kwh,
    coalesce(array_agg(coverage), '{}') as coverage,
    coalesce(array_agg(start_quality), '{}') as start_quality,
    coalesce(array_agg(end_quality), '{}') as end_quality
from (
    select * from rollup
    where endpoint_id = $1 and channel = $2 and grain = $3
      -- nothing is longer than a month
      and start_ts > $4::timestamptz - interval '32 days'
      and start_ts < $5 and end_ts > $4
    order by start_ts
) r

-- name: point_before
-- The last known total of a channel before $3.
select ts, total_kwh from reading
where endpoint_id = $1 and channel = $2 and ts < $3 and total_kwh is not null
order by ts desc limit 1

-- name: point_after
-- The first known total of a channel at $3 or later.
select ts, total_kwh from reading
where endpoint_id = $1 and channel = $2 and ts >= $3 and total_kwh is not null
order by ts limit 1
