-- name: alert_rules
-- All rules; with $1 only those that are watched.
select
    id, kind, endpoint_id::text as endpoint_id, group_id::text as group_id,
    trim_scale(threshold) as threshold, for_s, keep_s, severity, enabled, updated_at
from alert_rule where enabled or not $1 order by id

-- name: hold_alert_rules
-- Writers of rules one at a time; the job that reads them is not held up.
lock table alert_rule in share row exclusive mode

-- name: insert_alert_rule
-- A rule of a person.
insert into alert_rule (
    kind, endpoint_id, group_id, threshold, for_s, keep_s, severity, enabled
)
values ($1, $2::uuid, $3::uuid, $4, $5, $6, $7, $8) returning id

-- name: update_alert_rule
-- The same rule with other numbers.
update alert_rule
set kind = $2, endpoint_id = $3::uuid, group_id = $4::uuid, threshold = $5, for_s = $6,
    keep_s = $7, severity = $8, enabled = $9, updated_at = clock_timestamp()
where id = $1

-- name: delete_alert_rule
-- A rule with its history.
delete from alert_rule where id = $1

-- name: group_exists
-- Whether there is such a group.
select exists (select from endpoint_group where id = $1)

-- name: mark_watch
-- The endpoints are compared at $1; where the time before is longer ago than $2 seconds
-- nobody looked meanwhile. Answers since when somebody looks.
insert into watch_mark as w (watched_at, resumed_at) values ($1, $1)
on conflict (only_one) do update set
    watched_at = excluded.watched_at,
    resumed_at = case
        when excluded.watched_at - w.watched_at > make_interval(secs => $2)
        then excluded.resumed_at else w.resumed_at
    end
returning resumed_at

-- name: watched_endpoints
-- What is known of each enabled endpoint, with its month at $1 and the seven days
-- before. Each part is found by the key of its endpoint.
with waiting as (
    select endpoint_id, count(*) as proposed from meter_event
    where state = 'proposed' and type in ('reset', 'rollover', 'jump', 'replacement')
    group by endpoint_id
)
select
    e.id::text as id, e.name, e.kind, e.group_id::text as group_id, e.location,
    e.external_ref, e.interval_s, e.breaker_a,
    coalesce(k.seen_at, e.created_at) as seen_at, s.attempted_at, s.failures,
    s.outcome, coalesce(s.error, '') as error, s.auth_failures, s.clock_skewed,
    s.certificate_ends_at, d.token_expires_at,
    m.energy_kwh as month_kwh, m.estimated_kwh, m.peak_kw_15m as peak_kw,
    m.end_ts as month_ends_at, w.kwh as week_kwh, w.seconds as week_s,
    coalesce(p.proposed, 0) as proposed, coalesce(k.channels, '[]') as channels
from endpoint e
join endpoint_state s on s.endpoint_id = e.id
left join credential d on d.id = e.credential_id
left join waiting p on p.endpoint_id = e.id
cross join lateral (
    select
        max(coalesce(c.ts, c.sample_ts)) as seen_at,
        json_agg(json_build_object(
            'channel', c.channel, 'sample_ts', c.sample_ts,
            'power_kw', c.power_kw::text, 'current_a', c.current_a::text,
            'signs', c.signs
        ))::text as channels
    from channel_state c where c.endpoint_id = e.id
) k
left join lateral (
    select r.energy_kwh, r.estimated_kwh, r.peak_kw_15m, r.end_ts from rollup r
    where r.endpoint_id = e.id and r.channel = 'total' and r.grain = 'month'
      and r.start_ts <= $1
    order by r.start_ts desc limit 1
) m on m.end_ts > $1
cross join lateral (
    select
        sum(r.energy_kwh) as kwh,
        sum(r.coverage * extract(epoch from r.end_ts - r.start_ts)) as seconds
    from rollup r
    where r.endpoint_id = e.id and r.channel = 'total' and r.grain = 'day'
      and r.start_ts > $1::timestamptz - interval '7 days' and r.start_ts <= $1
) w
where e.enabled and e.archived_at is null
order by e.name, e.id

-- name: open_alerts
-- What has not ended, with the rule as it is now.
select
    a.id, a.rule_id, r.kind, r.severity, trim_scale(r.threshold) as threshold,
    a.endpoint_id::text as endpoint_id, e.name as endpoint_name,
    e.group_id::text as group_id, e.external_ref, a.state, a.unknown, a.value,
    a.detail, a.began_at, a.cleared_at, a.told_at, a.told
from alert a
join alert_rule r on r.id = a.rule_id
join endpoint e on e.id = a.endpoint_id
where a.state <> 'resolved' and ($1::bigint is null or a.rule_id = $1)

-- name: hushed_alerts
-- Of which rule and endpoint somebody knows at $1; `is_silent`: nothing at all is told.
select
    rule_id, endpoint_id::text as endpoint_id,
    bool_or(acknowledged_until is not null) as is_silent
from alert
where acknowledged_at is not null
  and (acknowledged_until > $1 or (acknowledged_until is null and state <> 'resolved'))
group by rule_id, endpoint_id

-- name: drop_alerts
-- What was no alert in the end: pairs of $1 and $2.
delete from alert a
using unnest($1::bigint[], $2::uuid[]) as g (rule_id, endpoint_id)
where a.rule_id = g.rule_id and a.endpoint_id = g.endpoint_id and a.state <> 'resolved'

-- name: keep_alerts
-- How alerts stand now, $2. What ended is no row of the index of open ones any more, so
-- it cannot be the conflict of an insert.
with given as (
    select *
    from json_to_recordset($1::text::json) as g (
        rule_id bigint, endpoint_id uuid, state text, unknown text, value numeric,
        detail text, began_at timestamptz, cleared_at timestamptz, told_at timestamptz,
        told integer
    )
), ended as (
    update alert a
    set state = 'resolved', unknown = null, cleared_at = g.cleared_at, resolved_at = $2,
        told_at = g.told_at, told = g.told, value = coalesce(g.value, a.value)
    from given g
    where g.state = 'resolved' and a.state <> 'resolved'
      and a.rule_id = g.rule_id and a.endpoint_id = g.endpoint_id
    returning a.id, a.rule_id, a.endpoint_id
), kept as (
    insert into alert as a (
        rule_id, endpoint_id, state, unknown, value, detail, began_at, fired_at,
        cleared_at, told_at, told
    )
    select
        rule_id, endpoint_id, state, unknown, value, detail, began_at,
        case when state = 'firing' then $2::timestamptz end, cleared_at, told_at, told
    from given where state <> 'resolved'
    on conflict (rule_id, endpoint_id) where state <> 'resolved' do update set
        state = excluded.state, unknown = excluded.unknown, value = excluded.value,
        detail = excluded.detail, began_at = excluded.began_at,
        cleared_at = excluded.cleared_at,
        fired_at = coalesce(a.fired_at, excluded.fired_at), told_at = excluded.told_at,
        told = excluded.told
    returning a.id, a.rule_id, a.endpoint_id
)
select id, rule_id, endpoint_id::text as endpoint_id from ended
union all
select id, rule_id, endpoint_id::text as endpoint_id from kept

-- name: list_alerts
-- A page of alerts, the newest first: each of $1 to $7 null or what is asked for, $8
-- the last id of the page before, $9 rows at the most.
select
    a.id, a.rule_id, r.kind, r.severity, a.endpoint_id::text as endpoint_id,
    e.name as endpoint_name, a.state, a.unknown, trim_scale(a.value) as value,
    trim_scale(r.threshold) as threshold, a.detail, a.began_at, a.fired_at,
    a.resolved_at, a.told, a.acknowledged_by, a.acknowledged_at, a.acknowledged_until,
    a.note
from alert a
join alert_rule r on r.id = a.rule_id
join endpoint e on e.id = a.endpoint_id
where ($1::text is null or a.state = $1) and ($2::uuid is null or a.endpoint_id = $2)
  and ($3::uuid is null or e.group_id = $3) and ($4::text is null or r.kind = $4)
  and ($5::text is null or r.severity = $5)
  and ($6::timestamptz is null or a.began_at >= $6)
  and ($7::timestamptz is null or a.began_at < $7)
  and ($8::bigint is null or a.id < $8)
  and ($10::bigint is null or a.id = $10)
order by a.id desc limit $9

-- name: acknowledge_alert
-- Somebody, $2, knows since $3, until $4 or the alert's end.
update alert
set acknowledged_by = $2, acknowledged_at = $3, acknowledged_until = $4, note = $5
where id = $1 and state <> 'resolved' returning id

-- name: forget_acknowledgement
-- It is told again.
update alert
set acknowledged_by = null, acknowledged_at = null, acknowledged_until = null, note = ''
where id = $1 returning id

-- name: summarize_alerts
-- How many alerts are in which state, and how many endpoints are normal.
with opened as (
    select a.state, r.severity, a.endpoint_id, a.acknowledged_at
    from alert a join alert_rule r on r.id = a.rule_id where a.state <> 'resolved'
), watched as (
    select e.id, exists (
        select from opened o
        where o.endpoint_id = e.id and o.state in ('firing', 'pending')
    ) as is_off
    from endpoint e where e.enabled and e.archived_at is null
)
select
    count(*) filter (where state = 'pending') as pending,
    count(*) filter (where state = 'firing') as firing,
    count(*) filter (where state = 'no_data') as no_data,
    count(*) filter (where state = 'error') as error,
    count(*) filter (where state = 'firing' and severity = 'info') as info,
    count(*) filter (where state = 'firing' and severity = 'warning') as warning,
    count(*) filter (where state = 'firing' and severity = 'critical') as critical,
    count(*) filter (where state = 'firing' and acknowledged_at is not null)
        as acknowledged,
    (select count(*) from watched) as endpoints_watched,
    (select count(*) from watched where not is_off) as endpoints_normal,
    (select count(*) from webhook where paused_at is not null) as paused_webhooks,
    (select watched_at from watch_mark) as watched_at
from opened

-- name: delete_alerts_before
-- Retention of alerts that have ended.
with gone as (
    delete from alert where state = 'resolved' and resolved_at < $1 returning 1
)
select count(*) from gone
