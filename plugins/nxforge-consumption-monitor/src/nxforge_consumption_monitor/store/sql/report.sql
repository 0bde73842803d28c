-- name: live_channels
-- The kept latest values of the main channel of every endpoint, with the energy of its
-- day and month at $1: what $1 lies in is open, unless a reading is later.
select
    e.id::text as id, e.name, e.client_name, e.location, e.enabled, e.kind, e.type,
    e.interval_s, e.tz, e.group_id::text as group_id, g.name as group_name,
    e.external_ref, c.ts, trim_scale(c.register_kwh) as register_kwh,
    round(100 * c.current_a / e.breaker_a, 1) as breaker_percent,
    trim_scale(c.power_kw) as power_kw, trim_scale(c.voltage) as voltage,
    trim_scale(c.current_a) as current_a, trim_scale(c.power_factor) as power_factor,
    c.quality, s.outcome, s.error,
    trim_scale(open_kwh(c.rollup_state, 1, $1)) as today_kwh,
    trim_scale(open_kwh(c.rollup_state, 2, $1)) as month_kwh
from endpoint e
join endpoint_state s on s.endpoint_id = e.id
join channel_state c on c.endpoint_id = e.id and c.channel = 'total'
left join endpoint_group g on g.id = e.group_id
where e.archived_at is null
order by e.name, e.id

-- name: live_version
-- Another text whenever a live value may be another one: revisions only rise.
select concat_ws('/', count(*), sum(s.revision), max(e.updated_at))
from endpoint e
join endpoint_state s on s.endpoint_id = e.id
where e.archived_at is null

-- name: reported_endpoints
-- Who stands in a report; $1 null or one id, $2 with archived ones.
select
    e.id::text as id, e.name, e.client_name, e.location, e.enabled, e.interval_s, e.tz,
    e.external_ref, e.group_id::text as group_id, g.name as group_name
from endpoint e
left join endpoint_group g on g.id = e.group_id
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

-- name: hour_counts
-- Readings in the hours that begin in [low, high) of $1, each endpoint with its own.
select w.endpoint_id::text as endpoint_id, sum(h.readings) as readings
from json_to_recordset($1::text::json)
    as w (endpoint_id uuid, low timestamptz, high timestamptz)
cross join lateral (
    select coalesce(sum(r.readings), 0) as readings from rollup r
    where r.endpoint_id = w.endpoint_id and r.channel = 'total' and r.grain = 'hour'
      and r.start_ts >= w.low and r.start_ts < w.high
) h
group by w.endpoint_id

-- name: reading_ends
-- The first and the last good reading in [low, high) of $1 that are still kept.
select
    w.endpoint_id::text as endpoint_id, f.ts as first_ts, l.ts as last_ts
from json_to_recordset($1::text::json)
    as w (endpoint_id uuid, low timestamptz, high timestamptz)
left join lateral (
    select r.ts from reading r
    where r.endpoint_id = w.endpoint_id and r.channel = 'total'
      and r.ts >= w.low and r.ts < w.high
      and r.quality in ('measured', 'estimated', 'manual')
    order by r.ts limit 1
) f on true
left join lateral (
    select r.ts from reading r
    where r.endpoint_id = w.endpoint_id and r.channel = 'total'
      and r.ts >= w.low and r.ts < w.high
      and r.quality in ('measured', 'estimated', 'manual')
    order by r.ts desc limit 1
) l on true

-- name: month_rollups
-- The months, or rows of the grain $2, that begin in [low, high) of $1, each endpoint
-- with its own.
select
    r.endpoint_id::text as endpoint_id, r.channel, r.start_ts, r.end_ts, r.energy_kwh,
    r.estimated_kwh, r.start_register, r.end_register, r.start_quality, r.end_quality,
    r.avg_kw, r.peak_kw_15m, r.peak_at, r.peak_kw_sample, r.min_kw, r.readings,
    r.expected, r.coverage, r.events, r.closed, r.revision
from json_to_recordset($1::text::json)
    as w (endpoint_id uuid, low timestamptz, high timestamptz)
join rollup r on r.endpoint_id = w.endpoint_id and r.grain = $2
    and r.start_ts >= w.low and r.start_ts < w.high
-- the main channel first
order by r.endpoint_id, r.channel <> 'total', r.channel, r.start_ts

-- name: months_at
-- The months of the endpoints $1 that begin at one of the instants $2.
select
    r.endpoint_id::text as endpoint_id, r.channel, r.start_ts, r.end_ts, r.energy_kwh,
    r.estimated_kwh, r.start_register, r.end_register, r.start_quality, r.end_quality,
    r.avg_kw, r.peak_kw_15m, r.peak_at, r.peak_kw_sample, r.min_kw, r.readings,
    r.expected, r.coverage, r.events, r.closed, r.revision
from rollup r
where r.endpoint_id = any($1::uuid[]) and r.grain = 'month'
  and r.start_ts = any($2::timestamptz[])
-- the main channel first
order by r.endpoint_id, r.channel <> 'total', r.channel, r.start_ts

-- name: channel_ends
-- The last good reading of the channels of the endpoints $1, and the first hour that is
-- whole of the seven days before it.
select
    c.endpoint_id::text as endpoint_id, c.channel, c.ts, c.total_kwh,
    w.start_ts as week_ts, w.start_register as week_kwh
from channel_state c
cross join lateral (
    select r.start_ts, r.start_register from rollup r
    where r.endpoint_id = c.endpoint_id and r.channel = c.channel and r.grain = 'hour'
      and r.start_ts >= c.ts - interval '7 days' and r.start_ts < c.ts
      and r.coverage = 1 and r.start_register is not null
    order by r.start_ts limit 1
) w
where c.endpoint_id = any($1::uuid[]) and c.ts is not null and c.total_kwh is not null

-- name: month_adjustments
-- What corrections of locked months add to the month $2 of the endpoints $1.
select endpoint_id::text as endpoint_id, channel, month, energy_kwh
from adjustment
where endpoint_id = any($1::uuid[]) and booked_month = $2 and energy_kwh <> 0
order by endpoint_id, channel, month

-- name: locked_in_month
-- Those of the endpoints $1 whose month $2 is locked.
select distinct e.id::text as endpoint_id
from period_lock l
join endpoint e on l.group_id is null or exists (
    select from locked_endpoint k where k.lock_id = l.id and k.endpoint_id = e.id
)
where e.id = any($1::uuid[]) and l.month = $2

-- name: report_group
-- One group.
select id::text as id, name, kind, tz from endpoint_group where id = $1

-- name: report_groups
-- All groups.
select id::text as id, name, kind, tz from endpoint_group order by name

-- name: group_members
-- The endpoints of the group $1, or all of them; with $2 that one. Archived ones too.
-- Of the month $3, which ends at $4, those who belonged then; null: who belongs now.
select
    id::text as id, name, client_name, location, external_ref, enabled, interval_s, tz,
    created_at, archived_at, multiplier, modulus_kwh, certified
from endpoint
where ($2::uuid is null or id = $2)
  and (
      $1::uuid is null
      or id in (select members_of($1, $3::date, coalesce($4::timestamptz, 'infinity')))
  )
order by name, id

-- name: group_moves
-- Who joined or left the group $1 from $2 to $3, in order of time.
select e.id::text as endpoint_id, e.name as endpoint_name, m.at, m.joined
from (
    select id, grouped_at, true from endpoint where group_id = $1
    union all
    select endpoint_id, since, true from former_member where group_id = $1
    union all
    select endpoint_id, until, false from former_member where group_id = $1
) as m (endpoint_id, at, joined)
join endpoint e on e.id = m.endpoint_id
where m.at >= $2 and m.at < $3
order by m.at, e.name, m.joined

-- name: list_readings
-- Readings and failed attempts, newest first. $1 endpoint, $2 from, $3 to, $4 null or
-- only readings or only failed attempts, $5 qualities, which failed attempts have
-- none of, $6 to $8 the last row of the page before, $9 limit.
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
          and ($5::text[] is null or r.quality = any($5))
          and (
              $6::timestamptz is null
              or (r.ts, r.endpoint_id, r.channel) < ($6, $7::uuid, $8::text)
          )
        order by r.ts desc, r.endpoint_id desc, r.channel desc limit $9
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
          and $5::text[] is null
          and (
              $6::timestamptz is null
              or (a.started_at, a.endpoint_id, '') < ($6, $7::uuid, $8::text)
          )
        order by a.started_at desc, a.endpoint_id desc limit $9
    )
) rows
order by ts desc, endpoint_id desc, channel desc
limit $9

-- name: count_readings
-- How many rows `list_readings` has on all pages; no more than $6 of each kind are
-- counted, because nobody turns over so many pages.
select
    (
        select count(*) from (
            select from reading r
            where ($1::uuid is null or r.endpoint_id = $1)
              and ($2::timestamptz is null or r.ts >= $2)
              and ($3::timestamptz is null or r.ts < $3)
              and ($4::boolean is null or $4)
              and ($5::text[] is null or r.quality = any($5))
            limit $6
        ) counted
    ) + (
        select count(*) from (
            select from scrape_attempt a
            where a.outcome <> 'ok'
              and ($1::uuid is null or a.endpoint_id = $1)
              and ($2::timestamptz is null or a.started_at >= $2)
              and ($3::timestamptz is null or a.started_at < $3)
              and ($4::boolean is null or not $4)
              and $5::text[] is null
            limit $6
        ) counted
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
