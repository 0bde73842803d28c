-- Which physical meter stood behind an endpoint, what happened to its register, what a
-- kWh cost, and which months are closed.
create table meter (
    id integer primary key generated always as identity,
    endpoint_id uuid not null references endpoint (id),
    channel text not null,
    serial text not null default '',
    -- null: since the first reading, and until now
    installed_at timestamptz,
    removed_at timestamptz,
    initial_kwh numeric,
    final_kwh numeric,
    -- null: that of the endpoint
    multiplier numeric check (multiplier > 0),
    modulus_kwh numeric check (modulus_kwh > 0),
    created_at timestamptz not null default now(),
    check (removed_at > installed_at)
);

-- One meter at a time.
create unique index meter_present on meter (endpoint_id, channel)
    where removed_at is null;
create index meter_of_channel on meter (endpoint_id, channel, installed_at);

create table meter_event (
    id bigint primary key generated always as identity,
    endpoint_id uuid not null references endpoint (id),
    channel text not null,
    ts timestamptz not null,
    type text not null check (type in (
        'replacement', 'reset', 'rollover', 'jump', 'multiplier_change', 'correction',
        'clock_skew', 'offline', 'online'
    )),
    -- as shown by the device, kWh: where the old count ended, where the new one began
    old_kwh numeric,
    new_kwh numeric,
    origin text not null check (origin in ('auto', 'user')),
    state text not null default 'proposed'
        check (state in ('proposed', 'confirmed', 'dismissed')),
    note text not null default '',
    created_at timestamptz not null default now(),
    decided_by text,
    decided_at timestamptz
);

-- A replay that finds the same break again proposes nothing new.
create unique index meter_event_once on meter_event (endpoint_id, channel, type, ts);
create index meter_event_ts on meter_event (ts);
create index meter_event_proposed on meter_event (ts) where state = 'proposed';

alter table reading add column meter_id integer;

-- What it says is invoiced: no row of the month is rewritten any more.
create table period_lock (
    id bigint primary key generated always as identity,
    -- null: every endpoint
    group_id uuid references endpoint_group (id),
    -- the first day of a calendar month, each endpoint in its own zone
    month date not null check (extract(day from month) = 1),
    locked_at timestamptz not null default now(),
    locked_by text not null default '',
    report_sha256 text
);

create unique index period_lock_once on period_lock (
    month, coalesce(group_id, '00000000-0000-0000-0000-000000000000'::uuid)
);

-- What a restatement would have changed in a locked month, as a line of a later one.
create table adjustment (
    id bigint primary key generated always as identity,
    endpoint_id uuid not null references endpoint (id),
    channel text not null,
    month date not null,
    booked_month date not null check (booked_month > month),
    energy_kwh numeric not null,
    updated_at timestamptz not null default now(),
    unique (endpoint_id, channel, month, booked_month)
);

create table tariff (
    id uuid primary key,
    name text not null unique,
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

-- A price that was billed never changes: another one begins.
create table tariff_price (
    id bigint primary key generated always as identity,
    tariff_id uuid not null references tariff (id) on delete cascade,
    valid_from timestamptz not null,
    valid_to timestamptz check (valid_to > valid_from),
    -- of one kWh, outside the windows
    rate numeric,
    -- time of use: name, weekdays, start, end, price
    windows jsonb not null default '[]',
    -- by the month's consumption: up_to_kwh, price
    blocks jsonb not null default '[]',
    fixed_monthly numeric not null default 0 check (fixed_monthly >= 0),
    demand numeric not null default 0 check (demand >= 0),
    contracted_kw numeric not null default 0 check (contracted_kw >= 0),
    pue numeric not null default 1 check (pue > 0),
    tax_percent numeric not null default 0 check (tax_percent >= 0),
    unique (tariff_id, valid_from)
);

alter table endpoint_group add column tariff_id uuid references tariff (id);
-- null: that of the group
alter table endpoint add column tariff_id uuid references tariff (id);
