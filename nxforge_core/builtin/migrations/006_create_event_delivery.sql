-- Events that must be told at least once, and what the database itself tells of.

-- Durable subscriptions of the plugins that run somewhere.
create table event_subscriber (
    plugin text not null,
    name text not null,
    pattern text not null,
    seen_at timestamptz not null default now(),
    primary key (plugin, name)
);

-- What each of them still has to be told; a row goes with its delivery.
create table event_delivery (
    id bigint generated always as identity primary key,
    plugin text not null,
    subscription text not null,
    event uuid not null,
    name text not null,
    source text not null,
    at timestamptz not null,
    data json not null,
    tries integer not null default 0,
    -- While a process is at it: the end of its lease.
    due_at timestamptz not null default now(),
    holder text,
    error text,
    given_up_at timestamptz,
    unique (plugin, subscription, event)
);
create index event_delivery_due on event_delivery (plugin, subscription, due_at)
    where given_up_at is null;

-- Store an event for every durable subscription that wants it.
create function store_event(
    wanted uuid, called text, publisher text, happened timestamptz, content json
) returns void
language sql set search_path = pg_catalog as $$
    insert into nxforge.event_delivery (plugin, subscription, event, name, source, at, data)
    select plugin, name, wanted, called, publisher, happened, content
    from nxforge.event_subscriber
    where case
        when right(pattern, 1) = '*' then starts_with(called, left(pattern, -1))
        else pattern = called
    end
    on conflict (plugin, subscription, event) do nothing
$$;

-- Publish an event of the host with the transaction: it is told if that commits.
create function publish_event(called text, content json) returns void
language plpgsql set search_path = pg_catalog as $$
declare
    happened constant timestamptz := clock_timestamp();
    -- A UUID of version 7: milliseconds, 12 bits below them, chance.
    micros constant bigint := floor(extract(epoch from happened) * 1000000);
    identity constant uuid := (
        lpad(to_hex(micros / 1000), 12, '0')
        || '7' || lpad(to_hex(micros % 1000 * 4096 / 1000), 3, '0')
        || substr(replace(gen_random_uuid()::text, '-', ''), 17)
    )::uuid;
    payload constant text := json_build_array('', json_build_array(json_build_array(
        identity, called, 'nxforge',
        to_char(happened at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), content
    )));
begin
    perform nxforge.store_event(identity, called, 'nxforge', happened, content);
    if octet_length(payload) < 8000 then
        perform pg_notify('nxforge_events', payload);
    else
        insert into nxforge.event_outbox (id, name, source, at, data)
            values (identity, called, 'nxforge', happened, content);
        perform pg_notify('nxforge_events', json_build_array(
            '', '[]'::json, json_build_array(identity)
        )::text);
    end if;
end $$;

-- Runs that end, whichever process or statement ends them. Shards are their parent's.
create function announce_run() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
    perform nxforge.publish_event(
        case new.state
            when 'succeeded' then 'job.completed'
            when 'cancelled' then 'job.cancelled'
            else 'job.failed'
        end,
        json_build_object(
            'run', new.id, 'plugin', new.plugin, 'job', new.job, 'state', new.state,
            'outcome', new.outcome, 'attempt', new.attempt, 'seconds', new.seconds,
            'note', left(new.note, 500), 'error', left(new.error ->> 'message', 500)
        )
    );
    return null;
end $$;

create trigger announce_run after update on run
    for each row
    when (new.finished_at is not null and old.finished_at is null and new.shard = 0
        and new.outcome is distinct from 'idle'
        and new.state in ('succeeded', 'failed', 'timed_out', 'cancelled', 'lost'))
    execute function announce_run();
