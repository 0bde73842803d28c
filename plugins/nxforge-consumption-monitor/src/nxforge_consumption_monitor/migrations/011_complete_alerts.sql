-- Alerts of every kind, for groups too, and the webhooks that carry them away. A
-- delivery is written with the change it tells of: who is killed in between loses none.
alter table channel_state
    -- what the polls so far say about freezing, idling and contradiction: opaque to SQL
    add column signs jsonb;

alter table endpoint_state
    -- of the certificate that the latest poll saw; null without TLS
    add column certificate_ends_at timestamptz;

alter table alert_rule
    drop constraint alert_rule_kind_check,
    add constraint alert_rule_kind_check check (kind in (
        'offline', 'login_paused', 'page_changed', 'register_event', 'clock_skew',
        'estimated_percent', 'breaker_percent', 'power_kw', 'peak_kw', 'month_kwh',
        'current_a', 'feeds_percent', 'imbalance_percent', 'forecast_kwh', 'no_change',
        'zero_hours', 'power_energy_mismatch', 'certificate_days', 'token_days'
    )),
    -- null: not bound to a group
    add column group_id uuid references endpoint_group (id) on delete cascade,
    add constraint alert_rule_scope check (endpoint_id is null or group_id is null);

insert into alert_rule (kind, threshold, for_s, keep_s, severity) values
    ('no_change', 3, 0, 0, 'warning'),
    ('zero_hours', 24, 0, 0, 'info'),
    ('power_energy_mismatch', 20, 0, 0, 'warning'),
    ('feeds_percent', 100, 600, 600, 'critical'),
    ('imbalance_percent', 30, 1800, 1800, 'info'),
    ('certificate_days', 14, 0, 0, 'warning'),
    ('token_days', 14, 0, 0, 'warning');

alter table alert
    drop constraint alert_state_check,
    add constraint alert_state_check check (
        state in ('pending', 'firing', 'no_data', 'error', 'resolved')
    ),
    alter column value drop not null,
    -- a firing one whose value is not known now
    add column unknown text check (unknown in ('no_data', 'error')),
    add column told integer not null default 0,
    add column detail text not null default '' check (length(detail) <= 300),
    -- somebody knows: it is not told again before that instant, or its end
    add column acknowledged_by text,
    add column acknowledged_at timestamptz,
    add column acknowledged_until timestamptz,
    add column note text not null default '' check (length(note) <= 500);

update alert set told = 1 where told_at is not null;

create index alert_acknowledged on alert (rule_id, endpoint_id)
    where acknowledged_at is not null;
create index alert_of_endpoint on alert (endpoint_id, id);

-- When endpoints were compared last, and since when without a long pause: silence
-- while nobody looked is nobody's fault.
create table watch_mark (
    only_one boolean primary key default true check (only_one),
    watched_at timestamptz not null,
    resumed_at timestamptz not null
);

create table webhook (
    id uuid primary key,
    name text not null unique,
    url text not null,
    -- types of events; none: all of them
    events text[] not null default '{}',
    min_severity text not null default 'info'
        check (min_severity in ('info', 'warning', 'critical')),
    -- null: alerts of every endpoint
    group_id uuid references endpoint_group (id) on delete cascade,
    sealed_secret text not null,
    enabled boolean not null default true,
    -- attempts that failed since the last one that did not
    failures integer not null default 0,
    paused_at timestamptz,
    paused_why text not null default '',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create table webhook_delivery (
    id bigint primary key generated always as identity,
    webhook_id uuid not null references webhook (id) on delete cascade,
    event_id uuid not null,
    event text not null,
    -- byte for byte what is signed and sent
    body text not null,
    state text not null default 'pending'
        check (state in ('pending', 'delivered', 'failed', 'dropped')),
    attempts integer not null default 0,
    next_at timestamptz not null,
    outcome text,
    http_status integer,
    error text not null default '' check (length(error) <= 500),
    created_at timestamptz not null,
    attempted_at timestamptz,
    unique (webhook_id, event_id)
);

create index webhook_delivery_due on webhook_delivery (webhook_id, next_at, id)
    where state = 'pending';
create index webhook_delivery_log on webhook_delivery (webhook_id, id);
create index webhook_delivery_created_at on webhook_delivery (created_at);
