-- name: live_channels
-- The kept latest values of the main channel of every endpoint.
select
    e.id::text as id, e.name, e.client_name, e.location, e.enabled, e.kind, e.type,
    e.interval_s, e.tz, c.ts, trim_scale(c.register_kwh) as register_kwh,
    c.total_kwh, trim_scale(c.power_kw) as power_kw, trim_scale(c.voltage) as voltage,
    trim_scale(c.current_a) as current_a, trim_scale(c.power_factor) as power_factor,
    c.quality, s.outcome, s.error, s.attempted_at
from endpoint e
join endpoint_state s on s.endpoint_id = e.id
join channel_state c on c.endpoint_id = e.id and c.channel = 'total'
where e.archived_at is null
order by e.name, e.id

-- name: reported_endpoints
-- Who stands in a report; $1 null or one id, $2 with archived ones.
select
    e.id::text as id, e.name, e.client_name, e.location, e.enabled, e.interval_s, e.tz
from endpoint e
where ($1::uuid is null or e.id = $1) and (e.archived_at is null or $2)
order by e.name, e.id

-- name: neighbours
-- For each instant the good readings around it: the last one at or before it and the
-- first one after it.
select
    w.n, b.ts as before_ts, b.total_kwh as before_kwh,
    a.ts as after_ts, a.total_kwh as after_kwh
from unnest($1::uuid[], $2::timestamptz[])
    with ordinality as w (endpoint_id, at, n)
left join lateral (
    select r.ts, r.total_kwh from reading r
    where r.endpoint_id = w.endpoint_id and r.channel = 'total'
      and r.ts <= w.at and r.total_kwh is not null
    order by r.ts desc limit 1
) b on true
left join lateral (
    select r.ts, r.total_kwh from reading r
    where r.endpoint_id = w.endpoint_id and r.channel = 'total'
      and r.ts > w.at and r.total_kwh is not null
    order by r.ts limit 1
) a on true
order by w.n

-- name: period_figures
-- Counts and mean power of endpoints in [$2, $3), each endpoint with its own bounds.
select
    w.endpoint_id::text as endpoint_id, count(r.ts) as readings,
    trim_scale(round(avg(r.power_kw), 6)) as power_kw,
    min(r.ts) as first_ts, max(r.ts) as last_ts
from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[])
    as w (endpoint_id, low, high)
left join reading r on r.endpoint_id = w.endpoint_id and r.channel = 'total'
    and r.ts >= w.low and r.ts < w.high
    and r.quality in ('measured', 'estimated', 'manual')
group by w.endpoint_id

-- name: list_readings
-- Readings and failed attempts, newest first. $1 endpoint, $2 from, $3 to, $4 null or
-- only good or only failed ones, $5 to $7 the last row of the page before, $8 limit.
select * from (
    (
        select
            r.endpoint_id::text as endpoint_id, r.channel, r.ts, r.slot,
            trim_scale(r.register_kwh) as register_kwh, r.total_kwh,
            trim_scale(r.power_kw) as power_kw, trim_scale(r.voltage) as voltage,
            trim_scale(r.current_a) as current_a,
            trim_scale(r.power_factor) as power_factor, r.quality, r.reason,
            r.rule_version, 'ok' as outcome, null as error, true as success
        from reading r
        where ($1::uuid is null or r.endpoint_id = $1)
          and ($2::timestamptz is null or r.ts >= $2)
          and ($3::timestamptz is null or r.ts < $3)
          and ($4::boolean is null or $4)
          and (
              $5::timestamptz is null
              or (r.ts, r.endpoint_id, r.channel) < ($5, $6::uuid, $7::text)
          )
        order by r.ts desc, r.endpoint_id desc, r.channel desc limit $8
    )
    union all
    (
        select
            a.endpoint_id::text, '', a.started_at, a.slot,
            null, null, null, null, null, null, null, '',
            null, a.outcome, a.error, false
        from scrape_attempt a
        where a.outcome <> 'ok'
          and ($1::uuid is null or a.endpoint_id = $1)
          and ($2::timestamptz is null or a.started_at >= $2)
          and ($3::timestamptz is null or a.started_at < $3)
          and ($4::boolean is null or not $4)
          and (
              $5::timestamptz is null
              or (a.started_at, a.endpoint_id, '') < ($5, $6::uuid, $7::text)
          )
        order by a.started_at desc, a.endpoint_id desc limit $8
    )
) rows
order by ts desc, endpoint_id desc, channel desc
limit $8

-- name: count_readings
-- How many rows `list_readings` has on all pages.
select
    (
        select count(*) from reading r
        where ($1::uuid is null or r.endpoint_id = $1)
          and ($2::timestamptz is null or r.ts >= $2)
          and ($3::timestamptz is null or r.ts < $3)
          and ($4::boolean is null or $4)
    ) + (
        select count(*) from scrape_attempt a
        where a.outcome <> 'ok'
          and ($1::uuid is null or a.endpoint_id = $1)
          and ($2::timestamptz is null or a.started_at >= $2)
          and ($3::timestamptz is null or a.started_at < $3)
          and ($4::boolean is null or not $4)
    )

-- name: health_figures
-- For the health check: enabled endpoints, those failing, the latest attempt.
select
    count(*) as enabled,
    count(*) filter (where s.outcome is not null and s.outcome <> 'ok') as failing,
    max(s.attempted_at) as attempted_at,
    min(e.interval_s) as interval_s
from endpoint e
join endpoint_state s on s.endpoint_id = e.id
where e.enabled and e.archived_at is null
