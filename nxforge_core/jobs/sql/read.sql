-- name: list_runs
-- Newest first, one page; idle runs of a schedule are counted, not listed, unless they
-- lost a worker or began 5 s late, and shards are listed where their parent is asked for.
select id, plugin, job, slot, shard, parent, trigger, asked_by, rerun_of, state,
    outcome, note, attempt, due_at, late, queued_at, started_at, finished_at, seconds
from run
where ($1::text is null or plugin = $1)
    and ($2::text is null or job = $2)
    and ($3::text[] is null or state = any($3))
    and ($4::text is null or trigger = $4)
    and ($5::bigint is null or parent = $5)
    and ($5::bigint is not null or parent is null)
    and ($6::timestamptz is null or slot >= $6)
    and ($7::timestamptz is null or slot < $7)
    and ($8::bigint is null or id < $8)
    and (
        outcome is distinct from 'idle' or trigger in ('manual', 'shard')
        or losses > 0 or late >= 5
    )
order by id desc
limit $9

-- name: list_shards
-- Shards of a run in their order, one page.
select id, plugin, job, slot, shard, parent, trigger, asked_by, rerun_of, state,
    outcome, note, attempt, due_at, late, queued_at, started_at, finished_at, seconds
from run
where parent = $1 and shard > $2
    and ($3::text[] is null or state = any($3))
order by shard
limit $4

-- name: get_run
-- Everything about one run that its row has.
select id, plugin, job, slot, shard, parent, trigger, asked_by, rerun_of, state,
    outcome, note, attempt, due_at, late, queued_at, started_at, finished_at, seconds,
    tries, losses, worker, cancelled_by, memory_growth, file_growth, thread_growth,
    params::text as params, result::text as result, error::text as error,
    progress::text as progress, again::text as again, queue_job, shards as expected,
    coalesce((select max(line) from run_log where run = id), 0) as lines
from run where id = $1

-- name: run_attempts
-- Attempts that ended and were not the run's last.
select attempt, state, worker, started_at, ended_at, seconds, error::text as error, note
from run_attempt where run = $1
order by attempt

-- name: shard_states
-- How many shards of a run are in which state.
select state, count(*) as count from run where parent = $1
group by state
order by state

-- name: begins_at
-- When the queue delivers an attempt at the earliest; only where it has its tables.
select scheduled_at from nxq.procrastinate_jobs where id = $1

-- name: run_exists
-- Whether there is such a run.
select exists (select from run where id = $1)

-- name: run_lines
-- A page of a run's log.
select line, attempt, at, level, event, facts::text as facts
from run_log
where run = $1 and line > $2
    and ($4::text[] is null or level = any($4))
    and ($5::text is null or event ilike $5 or facts::text ilike $5)
order by line
limit $3

-- name: run_pulse
-- What changes of a run while it is followed.
select state, attempt, note, finished_at is not null as ended,
    progress::text as progress,
    coalesce((select max(line) from run_log where run = id), 0) as lines
from run where id = $1

-- name: last_runs
-- The newest run of each named job.
select asked.plugin, asked.job, newest.id, newest.state,
    coalesce(newest.finished_at, newest.started_at, newest.queued_at) as at
from unnest($1::text[], $2::text[]) as asked (plugin, job)
cross join lateral (
    select * from run
    where run.plugin = asked.plugin and run.job = asked.job and run.parent is null
        and (outcome is distinct from 'idle' or trigger = 'manual')
    order by id desc
    limit 1
) as newest
