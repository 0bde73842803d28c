-- name: beat
-- Workers of a process live.
update procrastinate_workers set last_heartbeat = now() where id = any(%(workers)s)

-- name: ready_queues
-- Which of the queues have a delivery whose time has come.
select queue from unnest(%(queues)s::text[]) as queue
where exists (
    select from procrastinate_jobs
    where queue_name = queue and status = 'todo'
        and (scheduled_at is null or scheduled_at <= now())
)

-- name: deliver_again
-- What the queue says a worker has in hand and its process has not.
update procrastinate_jobs
set status = 'todo', worker_id = null, abort_requested = false
where worker_id = %(worker)s and status = 'doing' and id <> all(%(in_hand)s::bigint[])

-- name: end_strays
-- Queued runs of plugins that are not here, and of which nobody has begun a run for so
-- long that nobody seems to work for them; their deliveries go with them.
with stray as (
    update nxforge.run
    set state = 'skipped', finished_at = now(),
        note = 'no worker has the plugin''s job'
    where state = 'queued' and plugin <> all(%(here)s)
        and queued_at < now() - make_interval(secs => %(seconds)s)
        and not exists (
            select from nxforge.run as other
            where other.plugin = run.plugin and (other.state = 'running'
                or other.started_at > now() - make_interval(secs => %(seconds)s))
        )
        and not exists (
            select from procrastinate_jobs
            where id = run.queue_job and (status = 'doing'
                or scheduled_at > now() - make_interval(secs => %(seconds)s))
        )
    returning id, plugin, job, queue_job
), undelivered as (
    delete from procrastinate_jobs using stray
    where procrastinate_jobs.id = stray.queue_job
)
select id, plugin, job from stray

-- name: queue_is_lean
-- Whether the queue's tables are kept as small as the next statement has it.
select exists (
    select from pg_class
    where oid = to_regclass('nxq.procrastinate_events') and reloptions is not null
)

-- name: make_queue_lean
-- Rows of a queue live for a moment: what is dead is cleaned up each time autovacuum
-- looks, whatever the table's size was in a flood, and without pauses.
alter table nxq.procrastinate_jobs set (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500,
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 500,
    autovacuum_vacuum_cost_delay = 0
);
alter table nxq.procrastinate_workers set (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500,
    autovacuum_vacuum_cost_delay = 0
);
alter table nxq.procrastinate_events set (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500,
    autovacuum_vacuum_cost_delay = 0
)
