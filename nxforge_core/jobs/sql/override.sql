-- name: list_overrides
-- What operators changed, all of it.
select plugin, job, enabled, trigger::text as trigger, params::text as params, timeout,
    retry::text as retry, note, changed_by, changed_at
from job_override

-- name: get_override
-- What they changed about one job.
select plugin, job, enabled, trigger::text as trigger, params::text as params, timeout,
    retry::text as retry, note, changed_by, changed_at
from job_override where plugin = $1 and job = $2

-- name: lock_overrides
-- Who changes waits for other changes and for processes that observe. Taken before
-- any row of the schedule, by all of them.
lock table job_override in share row exclusive mode

-- name: store_override
-- One row a job; the time of a change is the database's.
insert into job_override
    (plugin, job, enabled, trigger, params, timeout, retry, note, changed_by,
    changed_at)
values ($1, $2, $3, $4::text::jsonb, $5::text::jsonb, $6, $7::text::jsonb, $8, $9,
    clock_timestamp())
on conflict (plugin, job) do update
set enabled = excluded.enabled, trigger = excluded.trigger, params = excluded.params,
    timeout = excluded.timeout, retry = excluded.retry, note = excluded.note,
    changed_by = excluded.changed_by, changed_at = excluded.changed_at
returning plugin, job, enabled, trigger::text as trigger, params::text as params,
    timeout, retry::text as retry, note, changed_by, changed_at

-- name: drop_override
-- Nothing of the job is changed any more.
delete from job_override where plugin = $1 and job = $2

-- name: disable_job
-- Switch a job off, whatever else of it is changed.
insert into job_override (plugin, job, enabled, note, changed_by, changed_at)
values ($1, $2, false, $3, $4, clock_timestamp())
on conflict (plugin, job) do update
set enabled = false, note = excluded.note, changed_by = excluded.changed_by,
    changed_at = excluded.changed_at

-- name: replan
-- Another trigger owes nothing before now.
update schedule set trigger = $3, settled = $4
where plugin = $1 and job = $2 and trigger <> $3

-- name: unplan
-- Nothing is fired for a job without a row.
delete from schedule where plugin = $1 and job = $2

-- name: tell_override
-- Heard at the commit, by every process.
select pg_notify('nxforge_jobs', $1::text || '/' || $2::text)
