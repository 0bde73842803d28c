-- What people bring in: files, typed-in registers, decisions; and who locked a month.
create table import_file (
    id bigint primary key generated always as identity,
    endpoint_id uuid not null references endpoint (id) on delete cascade,
    channel text not null,
    name text not null default '',
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    -- of the file, the channel and how it was read: the same again changes nothing
    fingerprint text not null unique check (fingerprint ~ '^[0-9a-f]{64}$'),
    options jsonb not null,
    -- counts, notes and the first rejected rows
    result jsonb not null,
    created_by text not null default '',
    created_at timestamptz not null default now()
);

create index import_file_of_endpoint on import_file (endpoint_id, id);

alter table reading
    add column import_id bigint,
    -- of a typed-in one: why, and by whom
    add column note text check (length(note) <= 500),
    add column entered_by text;

-- Readings that lost against another one of the same channel and instant. They lie
-- apart because the key of a reading allows one for each instant.
create table superseded_reading (
    id bigint primary key generated always as identity,
    endpoint_id uuid not null,
    channel text not null,
    ts timestamptz not null,
    register_kwh numeric(20, 8),
    source text not null check (source in ('poll', 'import', 'manual', 'api')),
    -- which source took its place
    won_by text not null check (won_by in ('poll', 'import', 'manual', 'api')),
    import_id bigint,
    note text,
    entered_by text,
    superseded_at timestamptz not null default now()
);

create index superseded_reading_of_channel
    on superseded_reading (endpoint_id, channel, ts);
create index superseded_reading_ts on superseded_reading (ts);

alter table extraction_rule
    add column created_by text not null default '',
    add column note text not null default '';

alter table period_lock
    add column note text not null default '',
    -- locked although events of the month waited for a decision
    add column forced boolean not null default false;

-- Who locked and who unlocked; it outlives the lock.
create table lock_entry (
    id bigint primary key generated always as identity,
    action text not null check (action in ('lock', 'unlock')),
    group_id uuid,
    month date not null,
    report_sha256 text,
    done_by text not null,
    note text not null default '',
    done_at timestamptz not null default now()
);

create index lock_entry_month on lock_entry (month);
