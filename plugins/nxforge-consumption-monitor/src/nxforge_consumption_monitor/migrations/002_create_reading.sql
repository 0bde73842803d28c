-- Readings, the guard against doubles, and what became of every attempt.
-- The primary key holds ts because a partitioned table allows no other; that is why
-- the guard is channel_state, which is never partitioned.
create table channel_state (
    endpoint_id uuid not null references endpoint (id),
    channel text not null,
    revision bigint not null default 0,
    last_slot timestamptz,
    -- the register arithmetic: state after the last reading, opaque to SQL
    register_state jsonb,
    -- the latest good reading
    ts timestamptz,
    register_kwh numeric,
    total_kwh numeric,
    power_kw numeric,
    voltage numeric,
    current_a numeric,
    power_factor numeric,
    quality text,
    -- the latest attempt
    attempted_at timestamptz,
    outcome text,
    error text,
    failures integer not null default 0,
    auth_failures integer not null default 0,
    retry_at timestamptz,
    primary key (endpoint_id, channel)
);

-- No foreign key: rows come only through channel_state, and a hypertable or a
-- partition must never refuse one.
create table reading (
    endpoint_id uuid not null,
    channel text not null,
    ts timestamptz not null,
    slot timestamptz not null,
    register_kwh numeric(20, 8),
    total_kwh numeric(20, 8),
    power_kw numeric(14, 6),
    voltage numeric(12, 4),
    current_a numeric(12, 4),
    power_factor numeric(8, 4),
    quality text not null check (quality in (
        'measured', 'estimated', 'forward_estimate', 'manual', 'suspect', 'rejected'
    )),
    reason text not null default '',
    source text not null default 'poll'
        check (source in ('poll', 'import', 'manual', 'api')),
    rule_version integer,
    raw_text text check (length(raw_text) <= 200),
    scrape_ms integer,
    created_at timestamptz not null default now(),
    primary key (endpoint_id, channel, ts)
);

-- Pages of readings of all endpoints, newest first, and retention.
create index reading_ts on reading (ts);

comment on column reading.register_kwh is 'as the device shows it, in kWh';
comment on column reading.total_kwh is
    'the unwrapped register times the multiplier; null where it is not known';

create table scrape_attempt (
    endpoint_id uuid not null,
    slot timestamptz not null,
    started_at timestamptz not null,
    scrape_ms integer not null,
    outcome text not null,
    http_status integer,
    bytes integer,
    error text not null default '',
    excerpt text check (length(excerpt) <= 2048),
    primary key (endpoint_id, started_at)
);

create index scrape_attempt_started_at on scrape_attempt (started_at);
