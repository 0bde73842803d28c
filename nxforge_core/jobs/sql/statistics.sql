-- name: job_statistics
-- How the newest finished runs of each named job went; shards count with their parent.
select asked.plugin, asked.job, recent.*, coalesce(idle.count, 0) as idle
from unnest($1::text[], $2::text[]) as asked (plugin, job)
cross join lateral (
    select count(*) as runs,
        count(*) filter (where state = 'succeeded') as succeeded,
        count(*) filter (where state = 'failed') as failed,
        count(*) filter (where state = 'timed_out') as timed_out,
        count(*) filter (where state = 'cancelled') as cancelled,
        count(*) filter (where state = 'skipped') as skipped,
        count(*) filter (where state = 'misfired') as misfired,
        count(*) filter (where state = 'lost') as lost,
        percentile_cont(0.5) within group (order by worked) as median_seconds,
        percentile_cont(0.95) within group (order by worked) as p95_seconds,
        percentile_cont(0.5) within group (order by late) as median_late,
        percentile_cont(0.95) within group (order by late) as p95_late,
        percentile_cont(0.99) within group (order by late) as p99_late,
        max(finished_at) filter (where state = 'succeeded') as last_success_at
    from (
        select state, late, finished_at,
            case when state in ('succeeded', 'failed', 'timed_out') then seconds end
                as worked
        from run
        where run.plugin = asked.plugin and run.job = asked.job
            and finished_at > $3 and parent is null
            and (outcome is distinct from 'idle' or trigger = 'manual')
        order by finished_at desc
        limit $4
    ) as newest
) as recent
cross join lateral (
    select sum(count) as count from run_idle
    where run_idle.plugin = asked.plugin and run_idle.job = asked.job and hour > $3
) as idle

-- name: job_usage
-- What the newest finished runs of each job cost their process, shards too.
select asked.job, recent.*
from unnest($2::text[]) as asked (job)
cross join lateral (
    select count(*) as runs,
        coalesce(sum(memory_growth), 0)::bigint as memory_growth,
        coalesce(sum(file_growth), 0)::bigint as file_growth,
        coalesce(sum(thread_growth), 0)::bigint as thread_growth,
        coalesce(sum(seconds), 0)::double precision as seconds
    from (
        select memory_growth, file_growth, thread_growth, seconds
        from run
        where run.plugin = $1 and run.job = asked.job
            and finished_at is not null and memory_growth is not null
        order by finished_at desc
        limit $3
    ) as newest
) as recent
order by asked.job
