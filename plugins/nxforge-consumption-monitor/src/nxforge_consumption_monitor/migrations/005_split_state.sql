-- An endpoint answers once for all its channels, so one row for each endpoint guards
-- all of them; what the arithmetic remembers stays with the channel.
create table endpoint_state (
    endpoint_id uuid primary key references endpoint (id),
    -- rises with every write: a poll that read an older one writes nothing
    revision bigint not null default 0,
    last_slot timestamptz,
    leased_by timestamptz,
    leased_slot timestamptz,
    leased_until timestamptz,
    failures integer not null default 0,
    auth_failures integer not null default 0,
    retry_at timestamptz,
    attempted_at timestamptz,
    outcome text,
    error text,
    -- the latest time of its own clock that could be true
    device_ts timestamptz,
    -- its clock is known to be wrong: said once, until it is right again
    clock_skewed boolean not null default false
    -- Each poll updates its row twice and no index: there is room for that in the page.
) with (fillfactor = 50);

insert into endpoint_state (
    endpoint_id, revision, last_slot, leased_by, leased_slot, leased_until, failures,
    auth_failures, retry_at, attempted_at, outcome, error
)
select
    endpoint_id, revision, last_slot, leased_by, leased_slot, leased_until, failures,
    auth_failures, retry_at, attempted_at, outcome, error
from channel_state where channel = 'total';

alter table channel_state
    drop column revision,
    drop column last_slot,
    drop column leased_by,
    drop column leased_slot,
    drop column leased_until,
    drop column failures,
    drop column auth_failures,
    drop column retry_at,
    drop column attempted_at,
    drop column outcome,
    drop column error,
    -- the open hour, day and month: opaque to SQL, as register_state
    add column rollup_state jsonb,
    -- when power, voltage, current, power factor and frequency were read: they are
    -- true even where the register of the same answer is suspect
    add column sample_ts timestamptz,
    add column frequency numeric,
    add constraint channel_state_name check (channel ~ '^[a-z0-9_]{1,32}$');

update channel_state set sample_ts = ts;

create table endpoint_group (
    id uuid primary key,
    name text not null unique,
    kind text not null default 'rack' check (kind in ('rack', 'client', 'other')),
    tz text not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

alter table endpoint
    add column group_id uuid references endpoint_group (id),
    add column tls_mode text not null default 'verify'
        check (tls_mode in ('verify', 'pinned', 'insecure')),
    -- SHA-256 of the device's certificate, 64 hexadecimal digits
    add column tls_pin text check (tls_pin ~ '^[0-9a-f]{64}$'),
    add column client text not null default 'http' check (client in ('http', 'browser')),
    add column browser_steps jsonb not null default '[]',
    -- good readings further apart have a gap between them; null: 2.5 intervals
    add column gap_after_s integer check (gap_after_s > 0),
    add column breaker_a numeric check (breaker_a > 0),
    add column phases smallint check (phases in (1, 2, 3)),
    add column certified boolean not null default false,
    -- what the answer must look like: content_type, marker
    add column expect jsonb not null default '{}',
    add column register_digits smallint check (register_digits between 1 and 12),
    add constraint endpoint_pin check (tls_mode <> 'pinned' or tls_pin is not null);

create index endpoint_of_group on endpoint (group_id) where group_id is not null;

alter table credential
    drop constraint credential_kind_check,
    add constraint credential_kind_check check (kind in (
        'basic', 'digest', 'bearer', 'header', 'cookie', 'form', 'login-json'
    )),
    -- of the kind: addresses and field names of a login, never the secret
    add column options jsonb not null default '{}',
    add column token_expires_at timestamptz,
    add column last_auth_error_at timestamptz,
    -- refused twice in a row: not sent again before somebody changes it
    add column locked boolean not null default false;

update credential c set locked = true
from endpoint e join endpoint_state s on s.endpoint_id = e.id
where e.credential_id = c.id and s.auth_failures >= 2;

alter table reading
    add column frequency numeric(8, 4),
    -- of the device's own clock
    add column device_ts timestamptz,
    add column ts_source text not null default 'poll'
        check (ts_source in ('device', 'poll', 'import', 'manual')),
    add column raw_unit text check (length(raw_unit) <= 40),
    -- worth of the last digit, kWh on the device: a replay needs what the poll knew
    add column resolution_kwh numeric;
