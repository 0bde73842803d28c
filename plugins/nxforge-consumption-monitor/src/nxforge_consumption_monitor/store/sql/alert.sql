-- name: alert_rules
-- All rules; with $1 only those that are watched.
select
    id, kind, endpoint_id::text as endpoint_id, trim_scale(threshold) as threshold,
    for_s, keep_s, severity, enabled
from alert_rule where enabled or not $1 order by id

-- name: insert_alert_rule
-- A rule of a person.
insert into alert_rule (
    kind, endpoint_id, threshold, for_s, keep_s, severity, enabled
)
values ($1, $2::uuid, $3, $4, $5, $6, $7) returning id

-- name: update_alert_rule
-- The same rule with other numbers.
update alert_rule
set kind = $2, endpoint_id = $3::uuid, threshold = $4, for_s = $5, keep_s = $6,
    severity = $7, enabled = $8
where id = $1 returning id

-- name: delete_alert_rule
-- A rule with its history.
delete from alert_rule where id = $1 returning id

-- name: watched_endpoints
-- What is known of each enabled endpoint, with its month at $1.
select
    e.id::text as id, e.name, e.interval_s, e.breaker_a,
    coalesce(c.ts, c.sample_ts, e.created_at) as seen_at, c.power_kw, c.current_a,
    s.outcome, s.auth_failures, s.clock_skewed, m.energy_kwh as month_kwh,
    m.estimated_kwh, m.peak_kw_15m as peak_kw, p.proposed
from endpoint e
join endpoint_state s on s.endpoint_id = e.id
join channel_state c on c.endpoint_id = e.id and c.channel = 'total'
left join lateral (
    select r.energy_kwh, r.estimated_kwh, r.peak_kw_15m, r.end_ts from rollup r
    where r.endpoint_id = e.id and r.channel = 'total' and r.grain = 'month'
      and r.start_ts <= $1
    order by r.start_ts desc limit 1
) m on m.end_ts > $1
cross join lateral (
    select count(*) as proposed from meter_event v
    where v.endpoint_id = e.id and v.state = 'proposed'
      and v.type in ('reset', 'rollover', 'jump', 'replacement')
) p
where e.enabled and e.archived_at is null
order by e.name, e.id

-- name: open_alerts
-- What has not ended.
select
    rule_id, endpoint_id::text as endpoint_id, state, began_at, cleared_at, told_at
from alert where state <> 'resolved'

-- name: drop_pending_alerts
-- What was no alert in the end: pairs of $1 and $2.
delete from alert a
using unnest($1::bigint[], $2::uuid[]) as g (rule_id, endpoint_id)
where a.rule_id = g.rule_id and a.endpoint_id = g.endpoint_id and a.state = 'pending'

-- name: keep_alerts
-- How alerts stand now, $2. What ended is no row of the index of open ones any more, so
-- it cannot be the conflict of an insert.
with given as (
    select * from json_populate_recordset(null::alert, $1::text::json)
), ended as (
    update alert a
    set state = 'resolved', value = g.value, cleared_at = g.cleared_at,
        resolved_at = $2, told_at = g.told_at
    from given g
    where g.state = 'resolved' and a.state <> 'resolved'
      and a.rule_id = g.rule_id and a.endpoint_id = g.endpoint_id
)
insert into alert as a (
    rule_id, endpoint_id, state, value, began_at, fired_at, cleared_at, told_at
)
select
    rule_id, endpoint_id, state, value, began_at,
    case when state = 'firing' then $2::timestamptz end, cleared_at, told_at
from given where state <> 'resolved'
on conflict (rule_id, endpoint_id) where state <> 'resolved' do update set
    state = excluded.state, value = excluded.value, cleared_at = excluded.cleared_at,
    fired_at = coalesce(a.fired_at, excluded.fired_at), told_at = excluded.told_at

-- name: resolve_orphans
-- Alerts of rules and endpoints that nobody watches any more end at $1.
update alert a
set state = 'resolved', resolved_at = $1
from alert_rule r, endpoint e
where a.state <> 'resolved' and r.id = a.rule_id and e.id = a.endpoint_id
  and (
      not r.enabled or not e.enabled or e.archived_at is not null
      or r.endpoint_id <> a.endpoint_id
  )

-- name: list_alerts
-- The newest alerts; $1 null or one state, $2 null or one endpoint, $3 at the most.
select
    a.id, a.rule_id, r.kind, r.severity, a.endpoint_id::text as endpoint_id,
    e.name as endpoint_name, a.state, trim_scale(a.value) as value,
    trim_scale(r.threshold) as threshold, a.began_at, a.fired_at, a.resolved_at
from alert a
join alert_rule r on r.id = a.rule_id
join endpoint e on e.id = a.endpoint_id
where ($1::text is null or a.state = $1) and ($2::uuid is null or a.endpoint_id = $2)
order by a.id desc limit $3
