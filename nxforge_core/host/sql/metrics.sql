-- name: unfinished_runs
-- How many runs of each plugin did not end yet.
select plugin, state, count(*) as count from nxforge.run
where state in ('queued', 'running', 'waiting')
group by plugin, state;
