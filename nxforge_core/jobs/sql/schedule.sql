-- name: hold_overrides
-- No override changes until this transaction ends; observers do not wait for others.
lock table job_override in share mode

-- name: unplan_all
-- Nothing is fired for these jobs, unless their overrides are others than we know.
delete from schedule using unnest($1::text[], $2::text[], $3::timestamptz[])
    as seen (plugin, job, changed)
where schedule.plugin = seen.plugin and schedule.job = seen.job
    and seen.changed is not distinct from (
        select changed_at from job_override
        where plugin = seen.plugin and job = seen.job
    )

-- name: observe
-- A job seen for the first time, or with another trigger, owes nothing before now.
insert into schedule (plugin, job, trigger, settled)
select seen.plugin, seen.job, seen.trigger, $5::timestamptz
from unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[])
    as seen (plugin, job, changed, trigger)
left join job_override using (plugin, job)
where seen.changed is not distinct from job_override.changed_at
-- In one order, or two observers would wait for each other.
order by plugin, job
on conflict (plugin, job) do update
set trigger = excluded.trigger, settled = excluded.settled
where schedule.trigger <> excluded.trigger

-- name: forget_idle
-- Idle runs whose slot is settled: no process can fire it again. One that lost a worker
-- or began 5 s late stays for as long as others: it may explain what was not done.
delete from run using schedule
where run.plugin = schedule.plugin and run.job = schedule.job
    and run.outcome = 'idle' and run.trigger <> 'manual' and run.parent is null
    and run.losses = 0 and coalesce(run.late, 0) < 5
    and run.slot <= schedule.settled
    and run.finished_at < now() - interval '5 minutes'
