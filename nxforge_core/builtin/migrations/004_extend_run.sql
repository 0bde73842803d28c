-- Shards, the chain of attempts, what a run cost, and what operators changed.

-- A shard is a run of its own, with the slot of its parent. Shard 0 is no shard.
alter table run
    add column shard integer not null default 0 check (shard >= 0),
    add column parent bigint references run on delete cascade,
    add column shards integer,
    add column shards_done integer not null default 0,
    add column rerun_of bigint references run on delete set null,
    -- Parameters that repeat just what failed, as the handler named them.
    add column again jsonb,
    -- The slot plus the job's jitter; of a manual run the instant it was asked for.
    add column due_at timestamptz,
    -- Seconds from due_at to the first attempt's claim.
    add column late double precision,
    add column cancelled_by text,
    -- How much the process had more of at the end of the last attempt.
    add column memory_growth bigint,
    add column file_growth integer,
    add column thread_growth integer,
    drop constraint run_plugin_job_slot_key,
    add constraint run_slot_key unique (plugin, job, slot, shard),
    drop constraint run_trigger_check,
    add constraint run_trigger_check
        check (trigger in ('schedule', 'catch-up', 'manual', 'shard')),
    add constraint run_parent_check check ((shard > 0) = (parent is not null));

create index run_shards on run (parent, shard) where parent is not null;
create index run_reruns on run (rerun_of) where rerun_of is not null;
drop index run_unfinished;
create index run_unfinished on run (plugin, job)
    where state in ('queued', 'running', 'waiting');

-- Attempts that ended and were not the run's last: that one is the run's own row.
create table run_attempt (
    run bigint not null references run on delete cascade,
    attempt integer not null,
    state text not null check (state in (
        'failed', 'timed_out', 'lost', 'given_back', 'passed_on'
    )),
    worker text,
    started_at timestamptz,
    ended_at timestamptz not null default now(),
    seconds double precision,
    error jsonb,
    note text,
    primary key (run, attempt)
);

-- What operators changed about jobs. A null column leaves the plugin's own value.
create table job_override (
    plugin text not null,
    job text not null,
    enabled boolean not null default true,
    trigger jsonb,
    params jsonb,
    timeout double precision check (timeout > 0),
    retry jsonb,
    -- Why, where it was not a person's wish.
    note text,
    changed_by text not null,
    changed_at timestamptz not null default now(),
    primary key (plugin, job)
);

-- Ends a parent whose shards have all ended. Members of the shards' results that are
-- numbers are summed by name.
create function close_parent(wanted bigint) returns void
language plpgsql set search_path = pg_catalog as $$
declare
    counted record;
    summed jsonb;
begin
    select count(*) as total,
        count(*) filter (where state = 'succeeded' and outcome = 'partial') as partial,
        count(*) filter (where state = 'succeeded' and outcome <> 'partial') as whole,
        count(*) filter (where state = 'cancelled') as cancelled
        into counted from nxforge.run where parent = wanted;
    select coalesce(jsonb_object_agg(name, total), '{}') into summed from (
        select member.key as name, sum(member.value::numeric) as total
        from nxforge.run as shard
        cross join jsonb_each(case
            when jsonb_typeof(shard.result) = 'object' then shard.result
        end) as member
        where shard.parent = wanted and jsonb_typeof(member.value) = 'number'
        group by member.key
    ) as members;
    update nxforge.run set
        state = case
            when counted.whole = counted.total then 'succeeded'
            when cancelled_by is not null then 'cancelled'
            when counted.partial + counted.whole = 0 then 'failed'
            else 'succeeded'
        end,
        outcome = case
            when counted.whole = counted.total then 'ok'
            when cancelled_by is not null then null
            when counted.partial + counted.whole = 0 then 'failed'
            else 'partial'
        end,
        note = case
            when cancelled_by is null and counted.partial + counted.whole = 0
            then 'no shard succeeded'
        end,
        result = summed || jsonb_build_object('shards', jsonb_build_object(
            'total', counted.total, 'succeeded', counted.whole,
            'partial', counted.partial, 'cancelled', counted.cancelled,
            'failed', counted.total - counted.whole - counted.partial
                - counted.cancelled
        )),
        finished_at = clock_timestamp(),
        seconds = extract(epoch from clock_timestamp() - started_at)
    where id = wanted and state = 'waiting';
end $$;

-- Whoever ends the last shard ends the parent, in the same transaction and whatever
-- way it ended: in a worker, by the reaper, by a cancellation.
create function end_parent() returns trigger
language plpgsql set search_path = pg_catalog as $$
declare
    parent_run nxforge.run;
begin
    update nxforge.run set shards_done = shards_done + 1
        where id = new.parent returning * into parent_run;
    if parent_run.state = 'waiting' and parent_run.shards_done >= parent_run.shards then
        perform nxforge.close_parent(new.parent);
    end if;
    return null;
end $$;

create trigger end_parent after update on run
    for each row
    when (new.parent is not null and new.finished_at is not null
        and old.finished_at is null)
    execute function end_parent();

-- Runs that the queue of older versions still holds get a delivery from the reaper.
do $$ begin
    if to_regclass('nxq.procrastinate_jobs') is not null then
        delete from nxq.procrastinate_jobs where status = 'todo';
    end if;
end $$;
