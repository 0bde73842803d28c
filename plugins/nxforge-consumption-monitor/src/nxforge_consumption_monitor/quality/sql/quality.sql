-- name: judged_endpoints
-- Whose quality is shown; $1 null or one id, $2 null or one group.
select id::text as id, name, tz, interval_s, gap_after_s, created_at
from endpoint
where ($1::uuid is null or id = $1) and ($2::uuid is null or group_id = $2)
  and (archived_at is null or id = $1)
order by name, id

-- name: judged_days
-- What the readings and attempts of each endpoint say of [$2, $3), in the order asked.
-- A run is frozen while the register stays the same from one reading to the next.
select
    w.n, r.rejected, r.suspect, r.rule_versions, r.clock_skew_s, f.run as frozen_run,
    f.seconds as frozen_s, a.mean_scrape_ms, a.failed, a.top_error
from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[])
    with ordinality as w (endpoint_id, low, high, n)
cross join lateral (
    select
        count(*) filter (where quality = 'rejected') as rejected,
        count(*) filter (where quality = 'suspect') as suspect,
        count(distinct rule_version) as rule_versions,
        max(abs(extract(epoch from
            device_ts - case ts_source when 'poll' then ts else slot end
        ))) as clock_skew_s
    from reading
    where endpoint_id = w.endpoint_id and channel = 'total'
      and ts >= w.low and ts < w.high
) r
left join lateral (
    select count(*) as run, extract(epoch from max(ts) - min(ts))::bigint as seconds
    from (
        select ts, count(*) filter (where moved) over (order by ts) as stretch
        from (
            select
                ts, register_kwh is distinct from lag(register_kwh) over (order by ts)
                as moved
            from reading
            where endpoint_id = w.endpoint_id and channel = 'total'
              and ts >= w.low and ts < w.high
              and quality <> 'rejected' and register_kwh is not null
        ) steps
    ) runs
    group by stretch
    having count(*) > 1
    order by 1 desc, 2 desc limit 1
) f on true
cross join lateral (
    select
        -- a lost attempt lasted until somebody noticed
        round(avg(scrape_ms) filter (where outcome <> 'lost'))::integer
            as mean_scrape_ms,
        count(*) filter (where outcome <> 'ok') as failed,
        mode() within group (order by outcome) filter (where outcome <> 'ok')
            as top_error
    from scrape_attempt
    where endpoint_id = w.endpoint_id and started_at >= w.low and started_at < w.high
) a
order by w.n

-- name: reading_gaps
-- Where good readings of each endpoint are further apart than $4 seconds, around
-- [$2, $3). Before the first reading ever it is the endpoint's creation that counts,
-- after the last one the present instant $5.
select endpoint_id::text as endpoint_id, since, until
from (
    select
        w.endpoint_id, w.longest, w.low, w.high, p.ts as until,
        lag(p.ts) over (partition by w.endpoint_id order by p.ts) as since
    from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::float8[])
        as w (endpoint_id, low, high, longest)
    join endpoint e on e.id = w.endpoint_id
    cross join lateral (
        (
            select ts from reading
            where endpoint_id = w.endpoint_id and channel = 'total' and ts < w.low
              and quality in ('measured', 'estimated', 'manual')
            order by ts desc limit 1
        )
        union all
        select e.created_at where e.created_at < w.high
        union all
        select ts from reading
        where endpoint_id = w.endpoint_id and channel = 'total'
          and ts >= w.low and ts < w.high
          and quality in ('measured', 'estimated', 'manual')
        union all
        (
            select ts from reading
            where endpoint_id = w.endpoint_id and channel = 'total' and ts >= w.high
              and quality in ('measured', 'estimated', 'manual')
            order by ts limit 1
        )
        union all
        select $5::timestamptz
    ) p
) g
where extract(epoch from until - since) > longest and until > low and since < high
order by endpoint_id, since

-- name: day_rollups
-- The stored days of the endpoints $1 that begin in [$2, $3).
select
    endpoint_id::text as endpoint_id, start_ts, energy_kwh, estimated_kwh, readings,
    coverage
from rollup
where endpoint_id = any($1::uuid[]) and channel = 'total' and grain = 'day'
  and start_ts >= $2 and start_ts < $3
