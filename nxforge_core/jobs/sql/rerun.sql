-- name: run_to_repeat
-- What a repetition of the run needs to know of it.
select plugin, job, state, outcome, finished_at is null, params::text, again::text,
    coalesce(shards, 0)
from nxforge.run where id = %(run)s

-- name: failed_shards
-- Parameters that repeat what failed in each shard of a run.
select coalesce(again, params, '{}')::text from nxforge.run
where parent = %(run)s and (
    state in ('failed', 'timed_out', 'lost')
    or (outcome = 'partial' and again is not null)
)
order by shard
