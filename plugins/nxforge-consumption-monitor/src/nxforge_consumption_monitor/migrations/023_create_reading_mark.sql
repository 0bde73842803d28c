-- Readings that a person took out or put back: who, when, why, and what each was worth
-- before. It outlives the reading.
create table reading_mark (
    id bigint primary key generated always as identity,
    endpoint_id uuid not null references endpoint (id),
    channel text not null,
    ts timestamptz not null,
    action text not null check (action in ('exclude', 'restore')),
    register_kwh numeric(20, 8),
    total_kwh numeric(20, 8),
    quality text not null,
    reason text not null,
    note text not null check (length(note) <= 500),
    done_by text not null,
    done_at timestamptz not null
);

create index reading_mark_of_channel on reading_mark (endpoint_id, channel, ts);
