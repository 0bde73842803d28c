-- name: list_endpoints
-- Endpoints with what the last attempt said; $1 null or one id, $2 with archived ones.
select
    e.id::text as id, e.name, e.url, e.kind, e.type, e.vendor, e.location,
    e.client_name, e.external_ref, e.enabled, e.method, e.headers, e.body,
    e.interval_s, e.timeout_s, e.tz,
    trim_scale(e.max_kw) as max_kw, trim_scale(e.multiplier) as multiplier,
    trim_scale(e.modulus_kwh) as modulus_kwh,
    trim_scale(e.resolution_kwh) as resolution_kwh,
    e.reset_policy, e.register_digits, e.gap_after_s, e.group_id::text as group_id,
    trim_scale(e.breaker_a) as breaker_a, e.phases, e.certified, e.tls_mode, e.tls_pin,
    e.client, e.browser_steps, e.expect,
    e.tariff_id::text as tariff_id, e.rule_version, r.rules::text as rules,
    coalesce(c.kind, 'none') as auth_type, coalesce(c.username, '') as username,
    coalesce(c.options, '{}')::text as auth_options, c.id is not null as has_secret,
    coalesce(c.locked, false) as auth_locked, c.token_expires_at, c.last_auth_error_at,
    e.created_at, e.updated_at, e.archived_at,
    t.ts as last_read_at, s.outcome as last_outcome, s.error as last_error
from endpoint e
join extraction_rule r on r.endpoint_id = e.id and r.version = e.rule_version
join endpoint_state s on s.endpoint_id = e.id
left join credential c on c.id = e.credential_id
left join lateral (
    select max(c.ts) as ts from channel_state c where c.endpoint_id = e.id
) t on true
where ($1::uuid is null or e.id = $1) and (e.archived_at is null or $2)
order by e.name, e.id

-- name: hold_names
-- Writers of endpoints one at a time; rounds and readers are not held up.
lock table endpoint in share row exclusive mode

-- name: name_taken
-- Whether another endpoint that is not archived bears the name.
select exists (
    select from endpoint where name = $1 and id <> $2::uuid and archived_at is null
)

-- name: insert_endpoint
-- A new endpoint; its guard row and that of its main channel come with it.
with fresh as (
    insert into endpoint (
        id, name, url, kind, type, vendor, location, client_name, external_ref, enabled,
        method, headers, body, interval_s, phase_s, timeout_s, tz, max_kw, multiplier,
        modulus_kwh, resolution_kwh, reset_policy, register_digits, gap_after_s,
        group_id, breaker_a, phases, certified, tls_mode, tls_pin, client,
        browser_steps, expect, tariff_id, rule_version, credential_id
    )
    values (
        $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
        $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31,
        $32, $33, $34, $35, $36
    )
    returning id
), guarded as (
    insert into endpoint_state (endpoint_id) select id from fresh
)
insert into channel_state (endpoint_id, channel)
select id, 'total' from fresh

-- name: update_endpoint
-- The endpoint as it is now wanted.
update endpoint set
    name = $2, url = $3, kind = $4, type = $5, vendor = $6, location = $7, client_name =
    $8, external_ref = $9, enabled = $10, method = $11, headers = $12, body = $13,
    interval_s = $14, phase_s = $15, timeout_s = $16, tz = $17, max_kw = $18, multiplier
    = $19, modulus_kwh = $20, resolution_kwh = $21, reset_policy = $22, register_digits
    = $23, gap_after_s = $24, group_id = $25, breaker_a = $26, phases = $27, certified =
    $28, tls_mode = $29, tls_pin = $30, client = $31, browser_steps = $32,
    expect = $33, tariff_id = $34, rule_version = $35, credential_id = $36, updated_at =
    now()
where id = $1 and archived_at is null

-- name: change_group
-- At $2 the endpoint $1 goes over to another group, or to none. One that it joined less
-- than a day ago was a mistake: what follows takes its place.
with here as (
    select
        id, group_id, grouped_at,
        group_id is not null
            and $2::timestamptz - coalesce(grouped_at, created_at) < interval '1 day'
            as mistaken,
        group_id is null
            and not exists (select from former_member where endpoint_id = $1)
            as is_first
    from endpoint where id = $1
), gone as (
    insert into former_member (endpoint_id, group_id, since, until)
    select id, group_id, grouped_at, $2 from here
    where group_id is not null and not mistaken
)
update endpoint e
set grouped_at = case when h.mistaken or h.is_first then h.grouped_at else $2 end
from here h where e.id = h.id

-- name: lock_endpoint
-- Holds an endpoint still while it is changed.
select credential_id::text as credential_id
from endpoint where id = $1 and archived_at is null for update

-- name: release_endpoint
-- A changed endpoint is polled again at once: what a running round computed from the
-- old one no longer fits the revision, and a pause after refused logins ends.
with released as (
    update endpoint_state
    set revision = revision + 1, failures = 0, auth_failures = 0, retry_at = null,
        -- another address may have another one
        certificate_ends_at = null
    where endpoint_id = $1
)
update credential c set locked = false
from endpoint e where e.id = $1 and c.id = e.credential_id and c.locked

-- name: insert_rule
-- A version of an endpoint's rule set, by $4 because of $5.
insert into extraction_rule (endpoint_id, version, rules, created_by, note)
values ($1, $2, $3::text::jsonb, $4, $5)

-- name: list_rules
-- The versions of an endpoint's rule set, the newest first.
select
    r.version, r.rules::text as rules, r.created_at, r.created_by, r.note,
    r.version = e.rule_version as is_current
from extraction_rule r join endpoint e on e.id = r.endpoint_id
where r.endpoint_id = $1
order by r.version desc

-- name: has_history
-- Whether anything was read, brought in or decided.
select
    exists (select from reading where endpoint_id = $1)
    or exists (select from rollup where endpoint_id = $1 and grain is not null)
    or exists (select from meter_event where endpoint_id = $1)
    or exists (select from meter where endpoint_id = $1)
    or exists (select from adjustment where endpoint_id = $1)
    or exists (select from superseded_reading where endpoint_id = $1)
    or exists (select from reading_mark where endpoint_id = $1)
    or exists (select from locked_endpoint where endpoint_id = $1)

-- name: delete_endpoint_parts
-- What is kept of an endpoint without history.
with attempts as (delete from scrape_attempt where endpoint_id = $1),
rules as (delete from alert_rule where endpoint_id = $1),
alerts as (delete from alert where endpoint_id = $1),
versions as (delete from extraction_rule where endpoint_id = $1),
states as (delete from channel_state where endpoint_id = $1)
delete from endpoint_state where endpoint_id = $1

-- name: delete_endpoint
-- An endpoint of which nothing is kept any more.
delete from endpoint where id = $1

-- name: insert_credential
-- A sealed secret and how to log in with it.
insert into credential (id, kind, username, sealed_secret, options, token_expires_at)
values ($1, $2, $3, $4, $5::text::jsonb, $6)

-- name: note_token_expiry
-- When the token ends with which an endpoint logs in, as the device or the token said.
update credential c set token_expires_at = $2
from endpoint e
where e.id = $1 and c.id = e.credential_id and c.token_expires_at is distinct from $2

-- name: delete_credential
-- Forgets a secret that no endpoint uses any more.
delete from credential c
where c.id = $1 and not exists (select from endpoint where credential_id = c.id)

-- name: archive_endpoint
-- Out of sight and never polled again; its readings stay, its secret goes.
update endpoint
set archived_at = now(), enabled = false, credential_id = null, updated_at = now()
where id = $1 and archived_at is null
