-- How often polls failed, by reason: a counter that retention of attempts leaves alone.
create table scrape_error (
    endpoint_id uuid not null references endpoint (id) on delete cascade,
    reason text not null,
    errors bigint not null,
    primary key (endpoint_id, reason)
) with (fillfactor = 50);

insert into scrape_error (endpoint_id, reason, errors)
select a.endpoint_id, a.outcome, count(*)
from scrape_attempt a join endpoint e on e.id = a.endpoint_id
where a.outcome not in ('ok', 'lost')
group by a.endpoint_id, a.outcome;

-- Which groups an endpoint has left: a month is of those who belonged at its end.
alter table endpoint
    -- null: always before. Its first group counts for all time before it.
    add column grouped_at timestamptz;

create table former_member (
    endpoint_id uuid not null references endpoint (id) on delete cascade,
    group_id uuid not null references endpoint_group (id) on delete cascade,
    since timestamptz,
    until timestamptz not null,
    primary key (endpoint_id, until),
    check (until > since)
);

create index former_member_of_group on former_member (group_id);

-- Who belongs to a group at the end of a month. A locked one has those who were locked.
create function members_of(of_group uuid, of_month date, at_end timestamptz)
returns setof uuid
language sql stable
as $$
    with lock as (
        select id from period_lock where group_id = of_group and month = of_month
    )
    select k.endpoint_id from lock l join locked_endpoint k on k.lock_id = l.id
    union
    select e.id from endpoint e
    where e.group_id = of_group and (e.grouped_at is null or e.grouped_at < at_end)
      and not exists (select from lock)
    union
    select f.endpoint_id from former_member f
    where f.group_id = of_group and (f.since is null or f.since < at_end)
      and f.until >= at_end and not exists (select from lock)
$$;
