-- What the older tables have no place for is lost: groups, kinds of login, TLS modes,
-- browser steps, the state of rollups, and the credentials of newer kinds.
alter table reading
    drop column frequency,
    drop column device_ts,
    drop column ts_source,
    drop column raw_unit,
    drop column resolution_kwh;

update endpoint set credential_id = null
from credential c
where c.id = credential_id and c.kind not in ('basic', 'bearer', 'header');
delete from credential where kind not in ('basic', 'bearer', 'header');
alter table credential
    drop constraint credential_kind_check,
    add constraint credential_kind_check
        check (kind in ('basic', 'bearer', 'header')),
    drop column options,
    drop column token_expires_at,
    drop column last_auth_error_at,
    drop column locked;

alter table endpoint
    drop column group_id,
    drop column tls_mode,
    drop column tls_pin,
    drop column client,
    drop column browser_steps,
    drop column gap_after_s,
    drop column breaker_a,
    drop column phases,
    drop column certified,
    drop column expect,
    drop column register_digits;
drop table endpoint_group;

-- Polling goes by the main channel again; a row of another one would be polled too.
delete from channel_state where channel <> 'total';
alter table channel_state
    drop constraint channel_state_name,
    drop column rollup_state,
    drop column sample_ts,
    drop column frequency,
    add column revision bigint not null default 0,
    add column last_slot timestamptz,
    add column attempted_at timestamptz,
    add column outcome text,
    add column error text,
    add column failures integer not null default 0,
    add column auth_failures integer not null default 0,
    add column retry_at timestamptz,
    add column leased_by timestamptz,
    add column leased_slot timestamptz,
    add column leased_until timestamptz;
update channel_state c
set
    revision = s.revision, last_slot = s.last_slot, attempted_at = s.attempted_at,
    outcome = s.outcome, error = s.error, failures = s.failures,
    auth_failures = s.auth_failures, retry_at = s.retry_at, leased_by = s.leased_by,
    leased_slot = s.leased_slot, leased_until = s.leased_until
from endpoint_state s
where s.endpoint_id = c.endpoint_id;
drop table endpoint_state;
