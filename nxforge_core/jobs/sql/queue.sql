-- name: insert_run
-- A slot becomes a run, unless it has one, is settled, or the job is busy.
insert into nxforge.run
    (plugin, job, slot, trigger, asked_by, exclusive, lane, params)
select %(plugin)s, %(job)s, %(slot)s, %(trigger)s, %(asked_by)s, %(exclusive)s,
    %(lane)s, %(params)s::text::jsonb
where not exists (
    select from nxforge.schedule
    where plugin = %(plugin)s and job = %(job)s and settled >= %(slot)s
        and %(trigger)s <> 'manual'
)
on conflict do nothing
returning id

-- name: insert_ended
-- A slot that gets no run: skipped or misfired, and why.
insert into nxforge.run
    (plugin, job, slot, trigger, exclusive, state, note, finished_at)
select %(plugin)s, %(job)s, %(slot)s, 'schedule', false, %(state)s, %(note)s, now()
where not exists (
    select from nxforge.schedule
    where plugin = %(plugin)s and job = %(job)s and settled >= %(slot)s
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

-- name: again
-- The attempt is over and the run goes on: the next attempt is queued.
update nxforge.run
set state = 'queued', attempt = attempt + 1, tries = tries + %(tried)s,
    note = %(note)s, error = coalesce(%(error)s::text::jsonb, error),
    seconds = %(seconds)s
where id = %(run)s and attempt = %(attempt)s and state = 'running'
returning attempt, lane

-- name: take_back
-- The worker vanished: the next attempt, or the end after too many.
update nxforge.run
set losses = losses + 1, note = %(note)s,
    attempt = case when losses < %(most)s then attempt + 1 else attempt end,
    state = case when losses < %(most)s then 'queued' else 'lost' end,
    finished_at = case when losses < %(most)s then null else now() end
where id = %(run)s and attempt = %(attempt)s and state in ('queued', 'running')
returning state, attempt, lane, plugin, job

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

-- name: lock_schedule
-- One process at a time sweeps a job.
select settled from nxforge.schedule
where plugin = %(plugin)s and job = %(job)s and trigger = %(trigger)s
for update skip locked

-- name: known_slots
-- Slots of a stretch that have a row.
select slot from nxforge.run
where plugin = %(plugin)s and job = %(job)s
    and slot > %(after)s and trigger <> 'manual'

-- name: settle
-- Every slot up to here has its outcome.
update nxforge.schedule set settled = %(settled)s
where plugin = %(plugin)s and job = %(job)s

-- name: queue_version
-- The newest of the queue's own migrations that nxq holds.
select max(version collate "C") from nxforge.queue_schema

-- name: add_queue_version
-- The schema nxq was brought to this version.
insert into nxforge.queue_schema (version) values (%(version)s)

-- name: queue_exists
-- Whether somebody made the queue's tables.
select to_regclass('nxq.procrastinate_jobs') is not null
