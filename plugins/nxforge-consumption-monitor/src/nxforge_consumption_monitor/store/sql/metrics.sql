-- name: metric_channels
-- What a scraper is told of every channel of the enabled endpoints.
select
    e.name, e.interval_s, c.channel, c.ts, c.sample_ts, c.total_kwh, c.register_kwh,
    c.power_kw, s.outcome, s.failures, a.scrape_ms
from endpoint e
join endpoint_state s on s.endpoint_id = e.id
join channel_state c on c.endpoint_id = e.id
left join lateral (
    select a.scrape_ms from scrape_attempt a
    where a.endpoint_id = e.id and a.outcome <> 'lost'
    order by a.started_at desc limit 1
) a on true
where e.archived_at is null and e.enabled
order by e.name, c.channel

-- name: metric_errors
-- How often polls of the enabled endpoints failed, by reason.
select e.name, f.reason, f.errors as count
from scrape_error f join endpoint e on e.id = f.endpoint_id
where e.archived_at is null and e.enabled
order by e.name, f.reason

-- name: metric_events
-- How often what happened to a register; what a person dismissed did not.
select e.name, v.channel, v.type, count(*) as count
from meter_event v
join endpoint e on e.id = v.endpoint_id
where e.archived_at is null and e.enabled and v.state <> 'dismissed'
group by e.name, v.channel, v.type
order by e.name, v.channel, v.type
