-- What is watched, and what was found.
create table alert_rule (
    id bigint primary key generated always as identity,
    kind text not null check (kind in (
        'offline', 'login_paused', 'page_changed', 'register_event', 'clock_skew',
        'estimated_percent', 'breaker_percent', 'power_kw', 'peak_kw', 'month_kwh'
    )),
    -- null: every endpoint
    endpoint_id uuid references endpoint (id),
    threshold numeric not null check (threshold > 0),
    -- so long it must be so, and so long not, seconds
    for_s integer not null default 0 check (for_s >= 0),
    keep_s integer not null default 0 check (keep_s >= 0),
    severity text not null default 'warning'
        check (severity in ('info', 'warning', 'critical')),
    enabled boolean not null default true,
    created_at timestamptz not null default now()
);

insert into alert_rule (kind, threshold, for_s, keep_s) values
    ('offline', 1, 0, 0),
    ('login_paused', 1, 0, 0),
    ('page_changed', 1, 600, 0),
    ('register_event', 1, 0, 0),
    ('clock_skew', 1, 600, 600),
    ('estimated_percent', 5, 0, 0),
    ('breaker_percent', 80, 600, 600);

-- One row from the first sign to the end.
create table alert (
    id bigint primary key generated always as identity,
    rule_id bigint not null references alert_rule (id) on delete cascade,
    endpoint_id uuid not null references endpoint (id),
    state text not null check (state in ('pending', 'firing', 'resolved')),
    value numeric not null,
    began_at timestamptz not null,
    fired_at timestamptz,
    -- since when it is not so any more
    cleared_at timestamptz,
    resolved_at timestamptz,
    -- when it was told last
    told_at timestamptz
);

create unique index alert_open on alert (rule_id, endpoint_id)
    where state <> 'resolved';
create index alert_began_at on alert (began_at);
