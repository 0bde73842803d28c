-- name: hold_leases
-- One round leases at a time: the next one sees what this one took.
select pg_advisory_xact_lock('endpoint_state'::regclass::oid::bigint)

-- name: lease_due
-- Leases for the run of slot $2, until $3, what is to be polled at $1: endpoints whose
-- own due instant by $5 lies after the last slot that was stored. A device that another run
-- is polling is left out, and of one device no more than $4 are taken, those that
-- waited longest. What failed lately comes last. An earlier slot that was leased and
-- never stored is stored as a lost attempt, which lasted until now.
with busy as (
    select distinct e.host
    from endpoint_state s join endpoint e on e.id = s.endpoint_id
    where s.leased_until > $1 and s.leased_by <> $2
), due as (
    select
        s.endpoint_id, s.revision, s.last_slot, s.failures, e.host, d.slot,
        s.leased_by, s.leased_slot,
        row_number() over (
            partition by e.host order by s.last_slot nulls first, e.id
        ) as place
    from endpoint e
    join endpoint_state s on s.endpoint_id = e.id
    cross join lateral (
        select to_timestamp(
            floor((extract(epoch from $5::timestamptz) - e.phase_s) / e.interval_s)
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
    join endpoint_state s using (endpoint_id)
    where due.place <= $4 and s.revision = due.revision
    for update of s skip locked
), leased as (
    update endpoint_state s
    set leased_by = $2, leased_slot = held.slot, leased_until = $3
    from held
    where s.endpoint_id = held.endpoint_id
    returning held.*
), lost as (
    insert into scrape_attempt (
        endpoint_id, slot, started_at, scrape_ms, outcome, error
    )
    select
        endpoint_id, leased_slot, leased_slot,
        least(1000 * extract(epoch from $1::timestamptz - leased_slot), 2147483647),
        'lost',
        coalesce(
            'the round of ' || to_char(
                leased_by at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'
            ) || ' leased it and did not come to its end',
            'its round gave it back: no turn in time, or changed meanwhile'
        )
    from leased
    where leased_slot < slot and (last_slot is null or last_slot < leased_slot)
    on conflict do nothing
)
select endpoint_id::text as id, host
from leased order by failures > 0, last_slot nulls first, endpoint_id

-- name: renew_leases
-- The leases that the run of slot $2 still has expire at $3. Whose history is computed
-- again this moment is left to expire: the run would wait for it.
with free as materialized (
    select id from unnest($1::uuid[]) as w (id)
    where pg_try_advisory_xact_lock_shared(
        hashtext('restatement'), hashtext(id::text)
    )
)
update endpoint_state s set leased_until = $3
from free
where s.endpoint_id = free.id and s.leased_by = $2

-- name: give_back
-- The run of slot $2 polls these no more: they stay due. The slot is kept: whoever polls
-- a later one tells of it. Whose history is computed again this moment is left to expire.
with free as materialized (
    select id from unnest($1::uuid[]) as w (id)
    where pg_try_advisory_xact_lock_shared(
        hashtext('restatement'), hashtext(id::text)
    )
)
update endpoint_state s
set leased_by = null, leased_until = null
from free
where s.endpoint_id = free.id and s.leased_by = $2

-- name: due_endpoints
-- The endpoints $1 with all that polling them needs. With $2 those that the run of
-- that slot holds a lease of, for the slot of the lease; else all of them, for the
-- slot $3, whatever their schedule says.
select
    e.id::text as id, e.name, e.group_id::text as group_id, e.host, e.url, e.method, e.headers, e.body, e.timeout_s,
    e.interval_s, e.gap_after_s, e.tz, e.max_kw, e.multiplier, e.modulus_kwh,
    e.register_digits, e.resolution_kwh, e.reset_policy, e.tls_mode, e.tls_pin,
    e.client, e.browser_steps::text as browser_steps,
    coalesce(e.expect ->> 'contentType', '') as expect_type,
    coalesce(e.expect ->> 'marker', '') as expect_text,
    e.rule_version, r.rules::text as rules,
    c.kind as auth_type, c.username, c.sealed_secret, c.options::text as auth_options,
    k.channels, s.revision, s.device_ts, s.clock_skewed, s.failures, s.auth_failures,
    d.slot
from endpoint e
join endpoint_state s on s.endpoint_id = e.id
join extraction_rule r on r.endpoint_id = e.id and r.version = e.rule_version
left join credential c on c.id = e.credential_id
cross join lateral (
    select case
        when $2::timestamptz is null then $3::timestamptz else s.leased_slot
    end as slot
) d
cross join lateral (
    select json_agg(json_build_object(
        'channel', h.channel, 'register', h.register_state, 'rollup', h.rollup_state,
        'signs', h.signs, 'meter_id', m.id, 'multiplier', m.multiplier::text,
        'modulus_kwh', m.modulus_kwh::text
    ))::text as channels
    from channel_state h
    left join meter m on m.endpoint_id = h.endpoint_id and m.channel = h.channel
        and m.removed_at is null
    where h.endpoint_id = e.id
) k
where e.id = any($1::uuid[]) and e.archived_at is null
  and ($2::timestamptz is null or s.leased_by = $2)
  and (s.last_slot is null or s.last_slot < d.slot)
order by s.failures > 0, s.last_slot nulls first, e.id

-- name: store_round
-- The one write of a batch of polls: $1 the polls, $2 their channels, $3 the hours, days
-- and months that they closed, $4 their events. A poll whose slot was stored meanwhile,
-- or whose endpoint was changed or restated since it was read, gets no row in `claimed`
-- and writes nothing. Neither does one whose history is computed again this moment: a
-- year of one meter must not hold up the others of the batch. Members that are missing
-- are as usual.
-- One JSON text costs the caller's loop a quarter of what an array for each column does.
with offered as (
    select
        endpoint_id, slot, revision, coalesce(failures, 0) as failures,
        coalesce(auth_failures, 0) as auth_failures, retry_at,
        coalesce(outcome, 'ok') as outcome, coalesce(error, '') as error, started_at,
        scrape_ms, http_status, bytes, excerpt, device_ts,
        coalesce(clock_skewed, false) as clock_skewed, certificate_ends_at
    from json_to_recordset($1::text::json) as o (
        endpoint_id uuid, slot timestamptz, revision bigint, failures integer,
        auth_failures integer, retry_at timestamptz, outcome text, error text,
        started_at timestamptz, scrape_ms integer, http_status integer, bytes integer,
        excerpt text, device_ts timestamptz, clock_skewed boolean,
        certificate_ends_at timestamptz
    )
), free as materialized (
    select endpoint_id from offered
    where pg_try_advisory_xact_lock_shared(
        hashtext('restatement'), hashtext(endpoint_id::text)
    )
), claimed as (
    update endpoint_state s
    set
        last_slot = o.slot,
        revision = s.revision + 1,
        leased_by = null,
        leased_slot = null,
        leased_until = null,
        failures = o.failures,
        auth_failures = o.auth_failures,
        retry_at = o.retry_at,
        attempted_at = o.started_at,
        outcome = o.outcome,
        error = nullif(o.error, ''),
        device_ts = o.device_ts,
        clock_skewed = o.clock_skewed,
        -- a poll that met nobody leaves what is known
        certificate_ends_at = coalesce(o.certificate_ends_at, s.certificate_ends_at)
    from offered o
    join free using (endpoint_id)
    where s.endpoint_id = o.endpoint_id
      and (s.last_slot is null or s.last_slot < o.slot)
      and s.revision = o.revision
    returning s.endpoint_id
), attempted as (
    insert into scrape_attempt (
        endpoint_id, slot, started_at, scrape_ms, outcome, http_status, bytes, error,
        excerpt
    )
    select
        endpoint_id, slot, started_at, scrape_ms, outcome, http_status, bytes, error,
        excerpt
    from offered join claimed using (endpoint_id)
    on conflict do nothing
), failed as (
    insert into scrape_error as e (endpoint_id, reason, errors)
    select endpoint_id, outcome, 1 from offered join claimed using (endpoint_id)
    where outcome <> 'ok'
    on conflict (endpoint_id, reason) do update set errors = e.errors + 1
), refused as (
    update credential c
    set last_auth_error_at = o.started_at, locked = o.auth_failures >= 2
    from offered o
    join claimed using (endpoint_id)
    join endpoint e on e.id = o.endpoint_id
    where o.auth_failures > 0 and c.id = e.credential_id
), won as (
    select
        c.endpoint_id, c.channel, c.ts, c.register_kwh, c.total_kwh, c.power_kw,
        c.voltage, c.current_a, c.power_factor, c.frequency,
        coalesce(c.quality, 'measured') as quality, coalesce(c.reason, '') as reason,
        c.rule_version, c.raw_text, c.raw_unit, c.resolution_kwh, c.device_ts,
        coalesce(c.ts_source, 'poll') as ts_source, c.meter_id, c.register_state,
        c.rollup_state, c.signs, o.slot, o.scrape_ms
    from json_to_recordset($2::text::json) as c (
        endpoint_id uuid, channel text, ts timestamptz, register_kwh numeric,
        total_kwh numeric, power_kw numeric, voltage numeric, current_a numeric,
        power_factor numeric, frequency numeric, quality text, reason text,
        rule_version integer, raw_text text, raw_unit text, resolution_kwh numeric,
        device_ts timestamptz, ts_source text, meter_id integer, register_state text,
        rollup_state text, signs text
    )
    join offered o using (endpoint_id)
    join claimed using (endpoint_id)
), remembered as (
    insert into channel_state as s (
        endpoint_id, channel, register_state, rollup_state, ts, sample_ts,
        register_kwh, total_kwh, power_kw, voltage, current_a, power_factor, frequency,
        quality, signs
    )
    select
        endpoint_id, channel, register_state::jsonb, rollup_state::jsonb,
        case when quality = 'measured' then ts end,
        case when quality in ('measured', 'suspect') then ts end,
        case when quality = 'measured' then register_kwh end,
        case when quality = 'measured' then total_kwh end,
        power_kw, voltage, current_a, power_factor, frequency, quality, signs::jsonb
    from won
    on conflict (endpoint_id, channel) do update set
        signs = excluded.signs,
        register_state = excluded.register_state,
        rollup_state = excluded.rollup_state,
        -- an answer without register leaves the one that is known
        ts = coalesce(excluded.ts, s.ts),
        register_kwh = coalesce(excluded.register_kwh, s.register_kwh),
        total_kwh = coalesce(excluded.total_kwh, s.total_kwh),
        sample_ts = coalesce(excluded.sample_ts, s.sample_ts),
        power_kw = case when excluded.sample_ts is null
            then s.power_kw else excluded.power_kw end,
        voltage = case when excluded.sample_ts is null
            then s.voltage else excluded.voltage end,
        current_a = case when excluded.sample_ts is null
            then s.current_a else excluded.current_a end,
        power_factor = case when excluded.sample_ts is null
            then s.power_factor else excluded.power_factor end,
        frequency = case when excluded.sample_ts is null
            then s.frequency else excluded.frequency end,
        quality = excluded.quality
), stored as (
    insert into reading (
        endpoint_id, channel, ts, slot, register_kwh, total_kwh, power_kw, voltage,
        current_a, power_factor, frequency, quality, reason, rule_version, raw_text,
        raw_unit, resolution_kwh, device_ts, ts_source, meter_id, scrape_ms
    )
    select
        endpoint_id, channel, ts, slot, register_kwh, total_kwh, power_kw, voltage,
        current_a, power_factor, frequency, quality, reason, rule_version, raw_text,
        raw_unit, resolution_kwh, device_ts, ts_source, meter_id, scrape_ms
    from won
    on conflict do nothing
), rolled as (
    insert into closed_rollup as u (
        endpoint_id, channel, grain, start_ts, end_ts, tz, energy_kwh, estimated_kwh,
        start_register, end_register, start_quality, end_quality, avg_kw, peak_kw_15m,
        peak_at, peak_kw_sample, min_kw, readings, expected, coverage, events, closed
    )
    select
        endpoint_id, channel, grain, start_ts, end_ts, tz, energy_kwh, estimated_kwh,
        start_register, end_register, start_quality, end_quality, avg_kw, peak_kw_15m,
        peak_at, peak_kw_sample, min_kw, readings, expected, coverage, events, closed
    from json_populate_recordset(null::closed_rollup, $3::text::json)
    join claimed using (endpoint_id)
    on conflict (endpoint_id, channel, grain, start_ts) do update set
        end_ts = excluded.end_ts, tz = excluded.tz,
        energy_kwh = excluded.energy_kwh, estimated_kwh = excluded.estimated_kwh,
        start_register = excluded.start_register, end_register = excluded.end_register,
        start_quality = excluded.start_quality, end_quality = excluded.end_quality,
        avg_kw = excluded.avg_kw, peak_kw_15m = excluded.peak_kw_15m,
        peak_at = excluded.peak_at, peak_kw_sample = excluded.peak_kw_sample,
        min_kw = excluded.min_kw, readings = excluded.readings,
        expected = excluded.expected, coverage = excluded.coverage,
        events = excluded.events, closed = excluded.closed,
        revision = u.revision + u.closed::integer, computed_at = now()
), proposed as (
    insert into meter_event (
        endpoint_id, channel, ts, type, old_kwh, new_kwh, origin, note
    )
    select endpoint_id, channel, ts, type, old_kwh, new_kwh, 'auto', note
    from json_populate_recordset(null::meter_event, $4::text::json)
    join claimed using (endpoint_id)
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
with seen as (delete from page_failure where failed_at < $1),
gone as (delete from scrape_attempt where started_at < $1 returning 1)
select count(*) from gone

-- name: delete_hours_before
-- Retention of hours; days and months are kept.
with gone as (
    delete from closed_rollup where grain = 'hour' and start_ts < $1 returning 1
)
select count(*) from gone

-- name: prepare_months
-- Partitions for this month and the next ones.
select prepare_reading_months($1, 3)
