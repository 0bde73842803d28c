-- name: due_endpoints
-- What is to be polled at $1: endpoints whose own due instant lies after the last slot
-- that was stored, those that waited longest first. With ids in $2 those are polled whatever their schedule says, and
-- their slot is $3.
select
    e.id::text as id, e.name, e.url, e.method, e.headers, e.body, e.timeout_s,
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
        when $2::uuid[] is null then to_timestamp(
            floor((extract(epoch from $1::timestamptz) - e.phase_s) / e.interval_s)
            * e.interval_s + e.phase_s
        )
        else $3::timestamptz
    end as slot
) d
where e.archived_at is null
  and (s.last_slot is null or s.last_slot < d.slot)
  and case
      when $2::uuid[] is null then
          e.enabled and s.auth_failures < 2
          and (s.retry_at is null or s.retry_at <= $1)
      else e.id = any($2::uuid[])
  end
order by s.last_slot nulls first, e.id

-- name: store_round
-- The one write of a round. A row whose slot was stored meanwhile, or whose channel
-- was changed since it was read, gets no row in `claimed` and writes nothing.
with offered as (
    select *
    from unnest(
        $1::uuid[], $2::text[], $3::timestamptz[], $4::bigint[], $5::text[],
        $6::integer[], $7::integer[], $8::timestamptz[],
        $9::text[], $10::text[], $11::timestamptz[], $12::integer[], $13::integer[],
        $14::integer[], $15::text[],
        $16::timestamptz[], $17::numeric[], $18::numeric[], $19::numeric[],
        $20::numeric[], $21::numeric[], $22::numeric[], $23::text[], $24::text[],
        $25::integer[], $26::text[]
    ) as o (
        endpoint_id, channel, slot, revision, register_state,
        failures, auth_failures, retry_at,
        outcome, error, started_at, scrape_ms, http_status,
        bytes, excerpt,
        ts, register_kwh, total_kwh, power_kw,
        voltage, current_a, power_factor, quality, reason,
        rule_version, raw_text
    )
), claimed as (
    update channel_state s
    set
        last_slot = o.slot,
        revision = s.revision + 1,
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
), mended as (
    update reading r
    set
        quality = m.quality,
        reason = m.reason,
        total_kwh = case when r.ts = m.total_ts then m.total_kwh end
    from claimed c
    join unnest(
        $27::uuid[], $28::text[], $29::timestamptz[], $30::timestamptz[], $31::text[],
        $32::text[], $33::timestamptz[], $34::numeric[]
    ) as m (
        endpoint_id, channel, since, until, quality,
        reason, total_ts, total_kwh
    ) using (endpoint_id, channel)
    where r.endpoint_id = c.endpoint_id and r.channel = c.channel
      and r.ts between m.since and m.until and r.quality = 'suspect'
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
