-- name: hold_leases
-- One round leases at a time: the next one sees what this one took.
select pg_advisory_xact_lock('channel_state'::regclass::oid::bigint)

-- name: lease_due
-- Leases for the run of slot $2, until $3, what is to be polled at $1: endpoints whose
-- own due instant lies after the last slot that was stored. A device that another run
-- is polling is left out, and of one device no more than $4 are taken, those that
-- waited longest. What failed lately comes last.
with busy as (
    select distinct e.host
    from channel_state s join endpoint e on e.id = s.endpoint_id
    where s.leased_until > $1 and s.leased_by <> $2
), due as (
    select
        s.endpoint_id, s.channel, s.revision, s.last_slot, s.failures, e.host, d.slot,
        row_number() over (
            partition by e.host order by s.last_slot nulls first, e.id
        ) as place
    from endpoint e
    join channel_state s on s.endpoint_id = e.id
    cross join lateral (
        select to_timestamp(
            floor((extract(epoch from $1::timestamptz) - e.phase_s) / e.interval_s)
            * e.interval_s + e.phase_s
        ) as slot
    ) d
    where e.archived_at is null and e.enabled and s.auth_failures < 2
      and (s.last_slot is null or s.last_slot < d.slot)
      and (s.retry_at is null or s.retry_at <= $1)
      and (s.leased_until is null or s.leased_until <= $1 or s.leased_by = $2)
      and not exists (select from busy where busy.host = e.host)
), held as (
    -- whoever is writing the row this moment makes the endpoint not due
    select due.*
    from due
    join channel_state s using (endpoint_id, channel)
    where due.place <= $4 and s.revision = due.revision
    for update of s skip locked
), leased as (
    update channel_state s
    set leased_by = $2, leased_slot = held.slot, leased_until = $3
    from held
    where s.endpoint_id = held.endpoint_id and s.channel = held.channel
    returning held.*
)
select endpoint_id::text as id, host
from leased order by failures > 0, last_slot nulls first, endpoint_id

-- name: renew_leases
-- The run of slot $2 needs its leases until $3, where they end before $4.
update channel_state set leased_until = $3
where endpoint_id = any($1::uuid[]) and leased_by = $2 and leased_until < $4

-- name: give_back
-- The run of slot $2 polls these no more: they stay due.
update channel_state set leased_by = null, leased_slot = null, leased_until = null
where endpoint_id = any($1::uuid[]) and leased_by = $2

-- name: due_endpoints
-- The endpoints $1 with all that polling them needs. With $2 those that the run of
-- that slot holds a lease of, for the slot of the lease; else all of them, for the
-- slot $3, whatever their schedule says.
select
    e.id::text as id, e.name, e.host, e.url, e.method, e.headers, e.body, e.timeout_s,
    e.interval_s, e.max_kw, e.multiplier, e.modulus_kwh, e.resolution_kwh,
    e.reset_policy, e.rule_version, r.rules::text as rules,
    c.kind as auth_type, c.username, c.sealed_secret,
    s.channel, s.revision, s.register_state::text as register_state,
    s.failures, s.auth_failures, d.slot
from endpoint e
join channel_state s on s.endpoint_id = e.id
join extraction_rule r on r.endpoint_id = e.id and r.version = e.rule_version
left join credential c on c.id = e.credential_id
cross join lateral (
    select case
        when $2::timestamptz is null then $3::timestamptz else s.leased_slot
    end as slot
) d
where e.id = any($1::uuid[]) and e.archived_at is null
  and ($2::timestamptz is null or s.leased_by = $2)
  and (s.last_slot is null or s.last_slot < d.slot)
order by s.failures > 0, s.last_slot nulls first, e.id

-- name: store_round
-- The one write of a batch of polls. A row whose slot was stored meanwhile, or whose channel
-- was changed since it was read, gets no row in `claimed` and writes nothing. One JSON
-- text costs the caller's loop a quarter of what an array for each column does.
with offered as (
    select *
    from json_to_recordset($1::text::json) as o (
        endpoint_id uuid, channel text, slot timestamptz, revision bigint,
        register_state text, failures integer, auth_failures integer,
        retry_at timestamptz, outcome text, error text, started_at timestamptz,
        scrape_ms integer, http_status integer, bytes integer, excerpt text,
        ts timestamptz, register_kwh numeric, total_kwh numeric, power_kw numeric,
        voltage numeric, current_a numeric, power_factor numeric, quality text,
        reason text, rule_version integer, raw_text text
    )
), claimed as (
    update channel_state s
    set
        last_slot = o.slot,
        revision = s.revision + 1,
        leased_by = null,
        leased_slot = null,
        leased_until = null,
        register_state = o.register_state::jsonb,
        failures = o.failures,
        auth_failures = o.auth_failures,
        retry_at = o.retry_at,
        attempted_at = o.started_at,
        outcome = o.outcome,
        error = nullif(o.error, ''),
        ts = case when o.quality = 'measured' then o.ts else s.ts end,
        -- an answer without register leaves the one that is known
        register_kwh = case when o.quality = 'measured'
            then coalesce(o.register_kwh, s.register_kwh) else s.register_kwh end,
        total_kwh = case when o.quality = 'measured'
            then coalesce(o.total_kwh, s.total_kwh) else s.total_kwh end,
        power_kw = case when o.quality = 'measured' then o.power_kw
            else s.power_kw end,
        voltage = case when o.quality = 'measured' then o.voltage else s.voltage end,
        current_a = case when o.quality = 'measured' then o.current_a
            else s.current_a end,
        power_factor = case when o.quality = 'measured' then o.power_factor
            else s.power_factor end,
        quality = coalesce(o.quality, s.quality)
    from offered o
    where s.endpoint_id = o.endpoint_id and s.channel = o.channel
      and (s.last_slot is null or s.last_slot < o.slot)
      and s.revision = o.revision
    returning s.endpoint_id, s.channel
), won as (
    select o.* from offered o join claimed c using (endpoint_id, channel)
), stored as (
    insert into reading (
        endpoint_id, channel, ts, slot, register_kwh, total_kwh, power_kw, voltage,
        current_a, power_factor, quality, reason, rule_version, raw_text, scrape_ms
    )
    select
        endpoint_id, channel, ts, slot, register_kwh, total_kwh, power_kw, voltage,
        current_a, power_factor, quality, reason, rule_version, raw_text, scrape_ms
    from won where ts is not null
    on conflict do nothing
), attempted as (
    insert into scrape_attempt (
        endpoint_id, slot, started_at, scrape_ms, outcome, http_status, bytes, error,
        excerpt
    )
    select
        endpoint_id, slot, started_at, scrape_ms, outcome, http_status, bytes, error,
        excerpt
    from won
    on conflict do nothing
)
select endpoint_id::text as endpoint_id from claimed

-- name: mend_readings
-- What the readings of a round, now stored, decide about suspect ones before them.
update reading r
set
    quality = m.quality,
    reason = m.reason,
    total_kwh = case when r.ts = m.total_ts then m.total_kwh end
from json_to_recordset($1::text::json) as m (
    endpoint_id uuid, channel text, since timestamptz, until timestamptz, quality text,
    reason text, total_ts timestamptz, total_kwh numeric
)
where r.endpoint_id = m.endpoint_id and r.channel = m.channel
  and r.ts between m.since and m.until and r.quality = 'suspect'

-- name: delete_readings_before
-- Retention of readings.
with gone as (delete from reading where ts < $1 returning 1)
select count(*) from gone

-- name: delete_attempts_before
-- Retention of attempts.
with gone as (delete from scrape_attempt where started_at < $1 returning 1)
select count(*) from gone

-- name: prepare_months
-- Partitions for this month and the next ones.
select prepare_reading_months($1, 3)
