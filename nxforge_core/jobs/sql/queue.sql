-- name: hold_slot
-- Whether the slot is still to be fired; who changes its job waits for us, or we for him.
select trigger = %(planned)s and settled < %(slot)s from nxforge.schedule
where plugin = %(plugin)s and job = %(job)s
for share

-- name: insert_run
-- A run, unless its slot has one, the job is busy, or the job is disabled. One that
-- is born with shards waits for them.
insert into nxforge.run
    (plugin, job, slot, trigger, asked_by, exclusive, lane, params, due_at, rerun_of,
    shards, state, started_at)
select %(plugin)s, %(job)s, %(slot)s, %(trigger)s, %(asked_by)s, %(exclusive)s,
    %(lane)s, %(params)s::text::jsonb, %(due_at)s, %(rerun_of)s, %(shards)s::integer,
    case when %(shards)s::integer is null then 'queued' else 'waiting' end,
    case when %(shards)s::integer is null then null else now() end
where not exists (
    select from nxforge.job_override
    where plugin = %(plugin)s and job = %(job)s and not enabled
)
on conflict do nothing
returning id

-- name: job_disabled
-- Why a job is disabled; no row where it is not.
select coalesce(note, 'by ' || changed_by) from nxforge.job_override
where plugin = %(plugin)s and job = %(job)s and not enabled

-- name: insert_ended
-- A slot that gets no run: skipped or misfired, and why.
insert into nxforge.run
    (plugin, job, slot, trigger, exclusive, state, note, finished_at)
select %(plugin)s, %(job)s, %(slot)s, 'schedule', false, %(state)s, %(note)s, now()
where not exists (
    select from nxforge.schedule
    where plugin = %(plugin)s and job = %(job)s and settled >= %(slot)s
) and not exists (
    select from nxforge.job_override
    where plugin = %(plugin)s and job = %(job)s and not enabled
)
on conflict do nothing

-- name: busy_run
-- The unfinished run that keeps others of its job away.
select id from nxforge.run
where plugin = %(plugin)s and job = %(job)s and exclusive
    and state in ('queued', 'running', 'waiting')

-- name: set_queue_job
-- The queue job that delivers the current attempt.
update nxforge.run set queue_job = %(queue_job)s where id = %(run)s

-- name: set_queue_jobs
-- The same for many.
update nxforge.run set queue_job = given.queue_job
from unnest(%(runs)s::bigint[], %(queue_jobs)s::bigint[]) as given (id, queue_job)
where run.id = given.id

-- name: again
-- The attempt is over and the run goes on, unless somebody cancelled it meanwhile.
with ended as (
    update nxforge.run
    set state = case when cancelled_by is null then 'queued' else 'cancelled' end,
        attempt = case when cancelled_by is null then run.attempt + 1 else run.attempt end,
        finished_at = case when cancelled_by is null then null else now() end,
        tries = tries + %(tried)s,
        note = case when cancelled_by is null then %(note)s else note end,
        error = coalesce(%(error)s::text::jsonb, error),
        seconds = %(seconds)s
    where id = %(run)s and attempt = %(attempt)s and state = 'running'
    returning id, state, attempt, lane, worker, started_at
), chained as (
    insert into nxforge.run_attempt
        (run, attempt, state, worker, started_at, seconds, error, note)
    select id, %(attempt)s, %(ended)s, worker, started_at, %(seconds)s,
        %(error)s::text::jsonb, %(note)s
    from ended where state = 'queued' and %(ended)s::text is not null
)
select state, attempt, lane from ended

-- name: take_back
-- The worker vanished: the next attempt, or the end after too many.
with lost as (
    update nxforge.run
    set losses = losses + 1, note = %(note)s,
        attempt = case when goes_on then run.attempt + 1 else run.attempt end,
        state = case
            when goes_on then 'queued'
            when cancelled_by is not null then 'cancelled'
            else 'lost'
        end,
        finished_at = case when goes_on then null else now() end
    from (
        select id, cancelled_by is null and losses < %(most)s as goes_on,
            case when state = 'running' then worker end as had_worker,
            case when state = 'running' then started_at end as had_begun
        from nxforge.run
        where id = %(run)s and attempt = %(attempt)s and state in ('queued', 'running')
        for update
    ) as was
    where run.id = was.id
    returning run.id, state, attempt, lane, plugin, job, had_worker, had_begun
), chained as (
    insert into nxforge.run_attempt (run, attempt, state, worker, started_at, note)
    select id, %(attempt)s, 'lost', had_worker, had_begun, %(note)s
    from lost where state = 'queued'
)
select state, attempt, lane, plugin, job from lost

-- name: undelivered
-- Unfinished runs that no queue job will ever deliver.
select id, attempt from nxforge.run
where state in ('queued', 'running') and not exists (
    select from procrastinate_jobs
    where procrastinate_jobs.id = run.queue_job and status in ('todo', 'doing')
)

-- name: held_by
-- Attempts that a worker has begun, and the queue jobs that delivered them.
select id, attempt, queue_job from nxforge.run
where state = 'running' and worker = %(worker)s

-- name: queue_version
-- The newest of the queue's own migrations that nxq holds.
select max(version collate "C") from nxforge.queue_schema

-- name: add_queue_version
-- The schema nxq was brought to this version.
insert into nxforge.queue_schema (version) values (%(version)s)

-- name: queue_exists
-- Whether somebody made the queue's tables.
select to_regclass('nxq.procrastinate_jobs') is not null

-- name: settle_queue
-- The queue's names, and an end to what goes on for too long.
set search_path = nxq;
set statement_timeout = '60s';
set idle_in_transaction_session_timeout = '60s';
