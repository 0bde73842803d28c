-- name: claim
-- Take a queued attempt: no row means a stale delivery. A disabled job's is skipped.
with wanted as (
    select id, late as known_late,
        exists (
            select from job_override
            where plugin = queued.plugin and job = queued.job and not enabled
        ) as disabled,
        case when lane is not null then (
            select min(earlier.id) from run as earlier
            where earlier.plugin = queued.plugin and earlier.job = queued.job
                and earlier.lane = queued.lane and earlier.id < queued.id
                and earlier.state in ('queued', 'running', 'waiting')
        ) end as behind
    from run as queued
    where id = $1 and attempt = $2 and state = 'queued'
)
update run
set state = case when disabled then 'skipped' else 'running' end,
    note = case when disabled then 'the job is disabled' end,
    finished_at = case when disabled then now() end,
    worker = $3, started_at = now(), seconds = null,
    late = case
        when disabled or behind is not null then late
        else coalesce(late, greatest(extract(epoch from now() - due_at), 0))
    end
from wanted
where run.id = wanted.id and run.attempt = $2 and run.state = 'queued'
returning run.id, plugin, job, slot, shard, attempt, tries, params::text as params,
    extract(epoch from now() - queued_at)::double precision as age,
    case when known_late is null then late end as late, disabled, behind,
    coalesce((select max(line) from run_log where run = run.id), 0) as lines

-- name: finish
-- End an attempt that is still ours.
update run
set state = case
        when cancelled_by is not null and $3 <> 'succeeded' then 'cancelled' else $3
    end,
    outcome = $4, result = $5::text::jsonb, error = $6::text::jsonb, note = $7,
    again = $8::text::jsonb, seconds = $9, memory_growth = $10, file_growth = $11,
    thread_growth = $12, finished_at = now()
where id = $1 and attempt = $2 and state = 'running'
returning state

-- name: finish_idle
-- Nothing was due: count it. The row goes once its slot is settled (forget_idle).
with done as (
    update run
    set state = 'succeeded', outcome = 'idle', error = null, seconds = $3,
        finished_at = now()
    where id = $1 and attempt = $2 and state = 'running'
    returning plugin, job, state
), counted as (
    insert into run_idle (plugin, job, hour, count)
    select plugin, job, date_trunc('hour', now(), 'UTC'), 1 from done
    on conflict (plugin, job, hour) do update set count = run_idle.count + 1
)
select state from done

-- name: ended_here
-- Whether an attempt of this worker has the end that this worker gave it.
select exists (
    select from run
    where id = $1 and attempt = $2 and worker = $3 and state not in ('running', 'lost')
) or exists (
    select from run_attempt
    where run = $1 and attempt = $2 and worker = $3 and state <> 'lost'
)

-- name: store_line
-- A line of an attempt that is still ours.
insert into run_log (run, attempt, line, at, level, event, facts)
select $1, $2, $3, $4, $5, $6, $7::text::jsonb
where exists (select from run where id = $1 and attempt = $2 and state = 'running')
on conflict do nothing

-- name: cut_lines
-- The oldest middle of a log that grew too long.
delete from run_log where run = $1 and line > $2 and line <= $3

-- name: store_progress
-- How far an attempt is.
update run set progress = $3::text::jsonb
where id = $1 and attempt = $2 and state = 'running'
