-- name: lock_shards
-- Before their parent and in the order of ids: a shard that ends locks itself, then it.
select id from nxforge.run
where parent = %(run)s and state in ('queued', 'running')
order by id
for update

-- name: lock_run
-- The run to cancel.
select state from nxforge.run where id = %(run)s for update

-- name: cancel_runs
-- Queued ones end at once; the others are told who asked, and their workers end them.
update nxforge.run
set cancelled_by = coalesce(cancelled_by, %(by)s),
    state = case when state = 'queued' then 'cancelled' else state end,
    finished_at = case when state = 'queued' then now() end
where id = any(%(runs)s::bigint[]) and state in ('queued', 'running', 'waiting')

-- name: drop_deliveries
-- Deliveries to come are removed, those in hand are told to their workers.
select procrastinate_cancel_job_v1(queue_job, true, true) from nxforge.run
where id = any(%(runs)s::bigint[]) and queue_job is not null

-- name: run_state
-- What became of the run.
select state from nxforge.run where id = %(run)s

-- name: cancel_parent
-- Before its shards are stopped: it must not end as if they had failed.
update nxforge.run set cancelled_by = coalesce(cancelled_by, %(by)s)
where id = %(run)s and state = 'waiting'

-- name: drop_running
-- Tell the workers of a run and of its shards, without a lock on either.
select procrastinate_cancel_job_v1(queue_job, true, true) from nxforge.run
where (id = %(run)s or parent = %(run)s) and state = 'running'
    and queue_job is not null

-- name: name_canceller
-- Who stopped a run whose worker was faster than its record.
update nxforge.run set cancelled_by = %(by)s
where id = %(run)s and state = 'cancelled'
    and coalesce(cancelled_by, %(by)s) = %(by)s
returning id
