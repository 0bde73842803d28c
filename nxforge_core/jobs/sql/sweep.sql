-- name: lock_schedule
-- One process at a time sweeps a job.
select settled from nxforge.schedule
where plugin = %(plugin)s and job = %(job)s and trigger = %(trigger)s
for update skip locked

-- name: known_slots
-- Slots of a stretch that have a row.
select slot from nxforge.run
where plugin = %(plugin)s and job = %(job)s and parent is null
    and slot > %(after)s and trigger <> 'manual'

-- name: settle
-- Every slot up to here has its outcome.
update nxforge.schedule set settled = %(settled)s
where plugin = %(plugin)s and job = %(job)s
