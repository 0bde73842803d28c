-- Every slot and every manual run is one row: the row is the truth, the queue only
-- delivers. `attempt` is the fence token: whoever holds an older one writes nothing.
create table run (
    id bigint generated always as identity primary key,
    plugin text not null,
    job text not null,
    slot timestamptz not null,
    trigger text not null check (trigger in ('schedule', 'catch-up', 'manual')),
    asked_by text,
    exclusive boolean not null,
    lane text,
    state text not null default 'queued' check (state in (
        'queued', 'running', 'waiting', 'succeeded', 'failed', 'timed_out',
        'cancelled', 'skipped', 'misfired', 'lost'
    )),
    outcome text check (outcome in ('ok', 'partial', 'failed', 'idle')),
    note text,
    attempt integer not null default 1,
    tries integer not null default 0,
    losses integer not null default 0,
    queue_job bigint,
    worker text,
    queued_at timestamptz not null default now(),
    started_at timestamptz,
    finished_at timestamptz,
    seconds double precision,
    params jsonb,
    result jsonb,
    error jsonb,
    progress jsonb,
    unique (plugin, job, slot)
);

-- overlap = skip: one unfinished run of the job, whoever fires.
create unique index run_unfinished_exclusive on run (plugin, job)
    where exclusive and state in ('queued', 'running', 'waiting');
create index run_unfinished on run (state)
    where state in ('queued', 'running', 'waiting');
create index run_by_job on run (plugin, job, id);
create index run_finished on run (plugin, job, finished_at)
    where finished_at is not null;

create table run_log (
    run bigint not null references run on delete cascade,
    line integer not null,
    attempt integer not null,
    at timestamptz not null,
    level text not null,
    event text not null,
    facts jsonb not null,
    primary key (run, line)
);

-- Runs that found nothing due are counted here and not kept.
create table run_idle (
    plugin text not null,
    job text not null,
    hour timestamptz not null,
    count integer not null,
    primary key (plugin, job, hour)
);

-- Up to `settled` every slot of the job has its outcome: no process fires it again.
-- Another trigger starts anew, so that nothing is missed that was never planned.
create table schedule (
    plugin text not null,
    job text not null,
    trigger text not null,
    settled timestamptz not null,
    primary key (plugin, job)
);

-- Which of the queue's own migrations the schema nxq holds.
create table queue_schema (
    version text primary key,
    applied_at timestamptz not null default now()
);

-- A plugin calls this first in a transaction of a run: it fails when the run was
-- given to another worker, and holds that off until the transaction ends. Its role
-- may execute this and read nothing of the run table.
create function fence(wanted_run bigint, wanted_attempt integer) returns void
language plpgsql security definer set search_path = pg_catalog as $$
begin
    perform 1 from nxforge.run
        where id = wanted_run and attempt = wanted_attempt and state = 'running'
        for share;
    if not found then
        raise exception 'run % attempt % is no longer running here',
            wanted_run, wanted_attempt using errcode = 'NX001';
    end if;
end $$;
revoke all on function fence(bigint, integer) from public;
