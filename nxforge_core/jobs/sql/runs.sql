-- name: claim
-- Take a queued attempt: no row means a stale delivery.
update run
set state = 'running', worker = $3, started_at = now(), seconds = null, note = null
where id = $1 and attempt = $2 and state = 'queued'
returning id, plugin, job, slot, attempt, tries, params::text as params,
    extract(epoch from now() - queued_at)::double precision as age,
    coalesce((select max(line) from run_log where run = id), 0) as lines

-- name: finish
-- End an attempt that is still ours.
update run
set state = $3, outcome = $4, result = $5::text::jsonb, error = $6::text::jsonb,
    note = $7, seconds = $8, finished_at = now()
where id = $1 and attempt = $2 and state = 'running'
returning id

-- name: finish_idle
-- Nothing was due: count it. The row goes once its slot is settled (forget_idle).
with done as (
    update run
    set state = 'succeeded', outcome = 'idle', error = null, seconds = $3,
        finished_at = now()
    where id = $1 and attempt = $2 and state = 'running'
    returning plugin, job
)
insert into run_idle (plugin, job, hour, count)
select plugin, job, date_trunc('hour', now(), 'UTC'), 1 from done
on conflict (plugin, job, hour) do update set count = run_idle.count + 1
returning 1

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

-- name: list_runs
-- Newest first, one page; idle runs of a schedule are counted, not listed.
select id, plugin, job, slot, trigger, asked_by, state, outcome, note, attempt,
    queued_at, started_at, finished_at, seconds
from run
where ($1::text is null or plugin = $1)
    and ($2::text is null or job = $2)
    and ($3::text is null or state = $3)
    and ($4::bigint is null or id < $4)
    and (outcome is distinct from 'idle' or trigger = 'manual')
order by id desc
limit $5

-- name: get_run
-- Everything about one run.
select id, plugin, job, slot, trigger, asked_by, state, outcome, note, attempt,
    queued_at, started_at, finished_at, seconds, tries, losses, worker,
    params::text as params, result::text as result, error::text as error,
    progress::text as progress,
    coalesce((select max(line) from run_log where run = id), 0) as lines
from run where id = $1

-- name: run_lines
-- A page of a run's log.
select line, attempt, at, level, event, facts::text as facts
from run_log where run = $1 and line > $2
order by line
limit $3

-- name: last_runs
-- The newest run of each named job.
select asked.plugin, asked.job, newest.id, newest.state,
    coalesce(newest.finished_at, newest.started_at, newest.queued_at) as at
from unnest($1::text[], $2::text[]) as asked (plugin, job)
cross join lateral (
    select * from run
    where run.plugin = asked.plugin and run.job = asked.job
        and (outcome is distinct from 'idle' or trigger = 'manual')
    order by id desc
    limit 1
) as newest

-- name: forget_old
-- Finished runs past the time their job keeps them, a bounded batch at a time.
delete from run where id in (
    select id from run
    where plugin = $1 and job = $2 and finished_at < now() - make_interval(days => $3)
    limit 5000
)

-- name: forget_old_idle
-- Counts past the time their job keeps.
delete from run_idle
where plugin = $1 and job = $2 and hour < now() - make_interval(days => $3)

-- name: forget_idle
-- Idle runs whose slot is settled: no process can fire it again.
delete from run using schedule
where run.plugin = schedule.plugin and run.job = schedule.job
    and run.outcome = 'idle' and run.trigger <> 'manual'
    and run.slot <= schedule.settled
    and run.finished_at < now() - interval '5 minutes'

-- name: forget_schedule
-- A job that is gone or switched off: when it comes back it starts anew.
delete from schedule where plugin = $1 and job = $2

-- name: observe
-- A job seen for the first time, or with another trigger, owes nothing before now.
insert into schedule (plugin, job, trigger, settled)
select * from unnest($1::text[], $2::text[], $3::text[])
    as seen (plugin, job, trigger), (select $4::timestamptz) as at (settled)
on conflict (plugin, job) do update
set trigger = excluded.trigger, settled = excluded.settled
where schedule.trigger <> excluded.trigger
