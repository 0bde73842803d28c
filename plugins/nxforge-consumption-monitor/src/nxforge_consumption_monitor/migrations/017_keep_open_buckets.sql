-- An hour, a day or a month that is still filled changes with every reading. It is kept
-- in the state of its channel, which every poll writes anyway; its row is written once,
-- when it closes. Whoever reads `rollup` sees both.
alter table rollup rename to closed_rollup;
alter index rollup_start rename to closed_rollup_start;
alter table closed_rollup
    reset (fillfactor),
    -- Only what a vacuum has seen is read from the index alone: not a fifth of a year
    -- of rows may wait for it.
    set (autovacuum_vacuum_insert_scale_factor = 0.02),
    drop constraint rollup_pkey,
    -- Written once, so the index can carry what charts draw: a year of hours is read
    -- from a hundred of its pages, and not from as many pages as there are hours.
    add constraint closed_rollup_pkey primary key (endpoint_id, channel, grain, start_ts)
        include (
            energy_kwh, estimated_kwh, avg_kw, peak_kw_15m, peak_kw_sample, min_kw,
            coverage
        );

-- A locked month keeps its rows. Where the readings after it turn out to be none, it is
-- open again by what is known, and the state says so.
alter table channel_state add column sealed boolean not null default false;

-- The state by place instead of by name: half as long, and every poll writes it.
alter table channel_state set (fillfactor = 50);
update channel_state s
set rollup_state = jsonb_build_array(
    o -> 'ts', o -> 'total_kwh', o -> 'quality', o -> 'power_kw', o -> 'by_power',
    (
        select jsonb_agg(
            jsonb_build_array(
                b -> 'grain', b -> 'start', b -> 'end', b -> 'start_kwh',
                b -> 'start_quality', coalesce(b -> 'known_us', '0'),
                coalesce(b -> 'covered_us', '0'), coalesce(b -> 'estimated_kwh', '"0"'),
                b -> 'peak_kw', b -> 'peak_at', b -> 'sample_kw', b -> 'min_kw',
                coalesce(b -> 'readings', '0'), coalesce(b -> 'events', '0')
            ) order by n
        )
        from jsonb_array_elements(o -> 'buckets') with ordinality as t (b, n)
    ),
    jsonb_build_array(q -> 'end', q -> 'since', q -> 'kwh', q -> 'covered_us'),
    e.tz, 1000000 * e.interval_s::bigint
)
from endpoint e, channel_state c
cross join lateral (
    select c.rollup_state as o, c.rollup_state -> 'quarter' as q
) w
where e.id = s.endpoint_id and c.endpoint_id = s.endpoint_id and c.channel = s.channel
  and s.rollup_state is not null;

-- a / b to six places, half to even, as the arithmetic in Python rounds.
create function six_places(a numeric, b numeric) returns numeric
language plpgsql immutable strict parallel safe
as $$
declare
    whole numeric := div(abs(a) * 1000000, b);
    rest numeric := mod(abs(a) * 1000000, b);
begin
    if 2 * rest > b or (2 * rest = b and mod(whole, 2) = 1) then
        whole := whole + 1;
    end if;
    return sign(a) * whole * 0.000001;
end
$$;

-- Energy of the open hour (place 0), day (1) or month (2) of a state, if it is the one
-- that `at` lies in: what the view shows, for a page that asks for nothing else of it.
create function open_kwh(state jsonb, place integer, at timestamptz) returns numeric
language sql stable parallel safe
as $$
    select case
        when (state -> 5 -> place ->> 1)::timestamptz <= at
            and (state -> 5 -> place ->> 2)::timestamptz > at
            and (state -> 5 -> place ->> 5)::bigint > 0
        then (state ->> 1)::numeric - (state -> 5 -> place ->> 3)::numeric
    end
$$;

-- One branch for each grain, and each of one table without a condition: so the planner
-- looks for the rows of one channel by the index, in every branch. What a condition
-- would leave out, such as a channel of which nothing is known, has no grain instead.
-- The places are those of the fields of `RollupState` and `Bucket`.
do $$
declare
    branch constant text := $branch$
        select
            endpoint_id, channel,
            case
                when rollup_state is null then null
                when sealed and exists (
                    select from closed_rollup k
                    where k.endpoint_id = s.endpoint_id and k.channel = s.channel
                      and k.grain = %2$L
                      and k.start_ts = (%1$s ->> 1)::timestamptz
                ) then null
                else %2$L
            end as grain,
            (%1$s ->> 1)::timestamptz as start_ts,
            (%1$s ->> 2)::timestamptz as end_ts,
            rollup_state ->> 7 as tz,
            case when (%1$s ->> 5)::numeric > 0 then
                (rollup_state ->> 1)::numeric
                - (%1$s ->> 3)::numeric
            end as energy_kwh,
            (%1$s ->> 7)::numeric as estimated_kwh,
            case when not (rollup_state ->> 4)::boolean then
                (%1$s ->> 3)::numeric
            end as start_register,
            case when not (rollup_state ->> 4)::boolean then
                (rollup_state ->> 1)::numeric
            end as end_register,
            %1$s ->> 4 as start_quality,
            rollup_state ->> 2 as end_quality,
            case when (%1$s ->> 6)::numeric > 0 then
                six_places(
                    3600000000 * (
                        (rollup_state ->> 1)::numeric
                        - (%1$s ->> 3)::numeric
                        - (%1$s ->> 7)::numeric
                    ),
                    (%1$s ->> 6)::numeric
                )
            end as avg_kw,
            (%1$s ->> 8)::numeric as peak_kw_15m,
            (%1$s ->> 9)::timestamptz as peak_at,
            (%1$s ->> 10)::numeric as peak_kw_sample,
            (%1$s ->> 11)::numeric as min_kw,
            (%1$s ->> 12)::integer as readings,
            greatest(1, round(
                1000000 * extract(epoch from
                    (%1$s ->> 2)::timestamptz - (%1$s ->> 1)::timestamptz
                )::double precision
                / (rollup_state ->> 8)::double precision
            ))::integer as expected,
            six_places(
                (%1$s ->> 6)::numeric,
                1000000 * extract(epoch from
                    (%1$s ->> 2)::timestamptz - (%1$s ->> 1)::timestamptz
                )
            ) as coverage,
            (%1$s ->> 13)::integer as events,
            false as closed,
            1 as revision
        from channel_state s
    $branch$;
    branches text;
begin
    select string_agg(
        format(branch, format('(rollup_state #> ''{5,%s}'')', place), grain),
        ' union all ' order by place
    ) into branches
    from (values (0, 'hour'), (1, 'day'), (2, 'month')) as g (place, grain);
    execute 'create view open_rollup as ' || branches;
end
$$;

-- A row that is open in the state of its channel is not stored.
delete from closed_rollup r
using open_rollup o
where not r.closed and o.endpoint_id = r.endpoint_id and o.channel = r.channel
  and o.grain = r.grain and o.start_ts = r.start_ts;
-- What nothing can fill any more is as good as closed.
update closed_rollup set closed = true where not closed;

create view rollup as
select
    endpoint_id, channel, grain, start_ts, end_ts, tz, energy_kwh, estimated_kwh,
    start_register, end_register, start_quality, end_quality, avg_kw, peak_kw_15m,
    peak_at, peak_kw_sample, min_kw, readings, expected, coverage, events, closed,
    revision
from closed_rollup
union all
select * from open_rollup;
