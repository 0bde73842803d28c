-- name: forget_old
-- Finished runs beyond the days or the number that their job keeps, with logs and
-- shards: as many as weigh 2000 rows, the oldest first.
with kept as (
    select id from run
    where plugin = $1 and job = $2 and parent is null and finished_at is not null
    order by id desc
    offset $4 - 1 limit 1
), due as (
    select id, 1 + coalesce(shards, 0) as weight from run
    where plugin = $1 and job = $2 and parent is null and finished_at is not null
        and (finished_at < now() - make_interval(days => $3)
            or id < (select id from kept))
    order by id
    limit 2000
), weighed as (
    select id, sum(weight) over (order by id) - weight as before from due
)
delete from run where id in (select id from weighed where before < 2000)

-- name: forget_old_idle
-- Counts past the time their job keeps.
delete from run_idle
where plugin = $1 and job = $2 and hour < now() - make_interval(days => $3)

-- name: gone_jobs
-- Jobs with runs that are none of the given ones and had no run for 90 days. Steps
-- from job to job along the index.
with recursive known as (
    (select plugin, job from run order by plugin, job limit 1)
    union all
    select further.plugin, further.job from known
    cross join lateral (
        select run.plugin, run.job from run
        where (run.plugin, run.job) > (known.plugin, known.job)
        order by run.plugin, run.job limit 1
    ) as further
)
select plugin, job from known
where (plugin, job) not in (select * from unnest($1::text[], $2::text[]))
    and not exists (
        select from run
        where run.plugin = known.plugin and run.job = known.job
            and (finished_at is null or finished_at > now() - interval '90 days')
    )

-- name: forget_gone_idle
-- Their counts, likewise.
delete from run_idle
where (plugin, job) not in (select * from unnest($1::text[], $2::text[]))
    and hour < now() - interval '90 days'

-- name: forget_gone_schedules
-- Their rows of the schedule: every process that has a job settles it each minute.
delete from schedule
where (plugin, job) not in (select * from unnest($1::text[], $2::text[]))
    and settled < now() - interval '90 days'
