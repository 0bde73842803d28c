-- name: fan_out
-- A run begins to wait for its shards, unless somebody cancelled it meanwhile.
update nxforge.run
set state = case when cancelled_by is null then 'waiting' else 'cancelled' end,
    shards = case when cancelled_by is null then %(shards)s end,
    finished_at = case when cancelled_by is null then null else now() end,
    error = null, note = null, seconds = %(seconds)s,
    memory_growth = %(memory)s, file_growth = %(files)s, thread_growth = %(threads)s
where id = %(run)s and attempt = %(attempt)s and state = 'running'
returning state

-- name: insert_shards
-- Shards of a run, numbered on in the order of their parameters.
insert into nxforge.run
    (plugin, job, slot, trigger, asked_by, exclusive, parent, shard, params, due_at)
select plugin, job, slot, 'shard', asked_by, false, run.id,
    %(before)s + given.number, given.params::jsonb, now()
from nxforge.run, unnest(%(params)s::text[]) with ordinality as given (params, number)
where run.id = %(run)s
returning id

-- name: left_waiting
-- Parents that wait though all their shards have ended.
select id from nxforge.run as parent
where state = 'waiting' and not exists (
    select from nxforge.run as shard
    where shard.parent = parent.id and shard.finished_at is null
)

-- name: close_parent
-- End such a parent.
select nxforge.close_parent(%(run)s)
