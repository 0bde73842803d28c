-- name: recent_attempts
-- The last $2 attempts of each of the endpoints $1, oldest first, as columns.
select
    w.endpoint_id::text as endpoint_id, a.at, a.outcomes, a.errors
from unnest($1::uuid[]) as w (endpoint_id)
cross join lateral (
    select
        coalesce(array_agg(started_at order by started_at), '{}') as at,
        coalesce(array_agg(outcome order by started_at), '{}') as outcomes,
        coalesce(array_agg(error order by started_at), '{}') as errors
    from (
        select started_at, outcome, error from scrape_attempt
        where endpoint_id = w.endpoint_id
        order by started_at desc limit $2
    ) newest
) a

-- name: recent_powers
-- The power of the last $2 readings of the main channel of each of the endpoints $1,
-- oldest first.
select w.endpoint_id::text as endpoint_id, r.kw
from unnest($1::uuid[]) as w (endpoint_id)
cross join lateral (
    select coalesce(array_agg(power_kw order by ts), '{}') as kw
    from (
        select ts, power_kw from reading
        where endpoint_id = w.endpoint_id and channel = 'total'
          and quality <> 'rejected'
        order by ts desc limit $2
    ) newest
) r

-- name: busiest_hour
-- The hour that begins in [$1, $2) with the highest sum of the means of all main
-- channels, or of those of the endpoints $3.
select start_ts, sum(avg_kw) as avg_kw
from rollup
where grain = 'hour' and channel = 'total' and start_ts >= $1 and start_ts < $2
  and avg_kw is not null and ($3::uuid[] is null or endpoint_id = any($3))
group by start_ts
order by avg_kw desc, start_ts
limit 1

-- name: attempts_since
-- How many attempts each endpoint had since $1, and how many of them gave a reading.
select
    endpoint_id::text as endpoint_id, count(*) as attempts,
    count(*) filter (where outcome = 'ok') as good
from scrape_attempt
where started_at >= $1
group by endpoint_id

-- name: failures_since
-- Failed attempts of the endpoint $1 since $2, by their outcome, the most frequent first.
select
    outcome, count(*) as count, min(started_at) as first_at, max(started_at) as last_at,
    (array_agg(error order by started_at desc))[1] as error
from scrape_attempt
where endpoint_id = $1 and started_at >= $2 and outcome <> 'ok'
group by outcome
order by count(*) desc, outcome

-- name: first_endpoint
-- The endpoint with the oldest reading, or the newest one while none was read: its
-- last error, when its first reading came and how long after it was set up.
select e.id::text as id, e.name, nullif(s.error, '') as error, r.created_at as read_at,
    r.created_at - e.created_at as waited
from endpoint e
left join endpoint_state s on s.endpoint_id = e.id
left join lateral (
    select created_at from reading
    where endpoint_id = e.id and channel = 'total'
    order by ts limit 1
) r on true
where e.archived_at is null
order by r.created_at nulls last, e.created_at desc
limit 1

-- name: readings_between
-- Readings of the main channel of the endpoints $1 in [$2, $3), the newest first: $4 of
-- them after the first $5.
select w.endpoint_id::text as endpoint_id, e.name, r.ts, r.register_kwh, r.power_kw,
    r.quality, r.reason
from unnest($1::uuid[]) as w (endpoint_id)
join endpoint e on e.id = w.endpoint_id
cross join lateral (
    select ts, trim_scale(register_kwh) as register_kwh, power_kw, quality, reason
    from reading
    where endpoint_id = w.endpoint_id and channel = 'total' and ts >= $2 and ts < $3
    order by ts desc limit $4::bigint + $5::bigint
) r
order by r.ts desc, e.name limit $4::bigint offset $5::bigint

-- name: attempts_of
-- The attempts of the endpoint $1, the newest first: $2 of them after the first $3.
select started_at, scrape_ms, outcome, http_status, bytes, error, excerpt
from scrape_attempt
where endpoint_id = $1 order by started_at desc limit $2 offset $3
