-- What is polled, with which credential and by which rule.
-- An endpoint is archived, never deleted: its readings are billing history.
create table credential (
    id uuid primary key,
    kind text not null check (kind in ('basic', 'bearer', 'header')),
    username text not null default '',
    sealed_secret text not null,
    updated_at timestamptz not null default now()
);

create table endpoint (
    id uuid primary key,
    name text not null,
    kind text not null default 'meter' check (kind in ('meter', 'pdu', 'feed')),
    type text not null default 'power-meter',
    vendor text,
    location text,
    client_name text,
    external_ref text,
    enabled boolean not null default true,
    url text not null,
    method text not null default 'GET' check (method in ('GET', 'POST')),
    headers jsonb not null default '{}',
    body text,
    interval_s integer not null check (interval_s >= 5),
    phase_s integer not null check (phase_s >= 0 and phase_s < interval_s),
    timeout_s double precision not null default 10 check (timeout_s > 0),
    tz text not null,
    max_kw numeric not null default 50 check (max_kw > 0),
    multiplier numeric not null default 1 check (multiplier > 0),
    modulus_kwh numeric check (modulus_kwh > 0),
    resolution_kwh numeric check (resolution_kwh > 0),
    reset_policy text not null default 'from_zero'
        check (reset_policy in ('from_zero', 'rebase', 'ask')),
    rule_version integer not null default 1,
    credential_id uuid references credential (id),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    archived_at timestamptz
);

-- A name is free again once its endpoint is archived.
create unique index endpoint_name on endpoint (name) where archived_at is null;

-- A new version never rewrites readings made by an older one.
create table extraction_rule (
    endpoint_id uuid not null references endpoint (id),
    version integer not null,
    rules jsonb not null,
    created_at timestamptz not null default now(),
    primary key (endpoint_id, version)
);
