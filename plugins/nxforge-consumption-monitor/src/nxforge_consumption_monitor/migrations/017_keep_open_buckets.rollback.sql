-- What is open becomes rows again, that every poll writes.
drop view rollup;
delete from closed_rollup r
using open_rollup o
where o.endpoint_id = r.endpoint_id and o.channel = r.channel
  and o.grain = r.grain and o.start_ts = r.start_ts;
insert into closed_rollup (
    endpoint_id, channel, grain, start_ts, end_ts, tz, energy_kwh, estimated_kwh,
    start_register, end_register, start_quality, end_quality, avg_kw, peak_kw_15m,
    peak_at, peak_kw_sample, min_kw, readings, expected, coverage, events, closed,
    revision
)
select * from open_rollup where grain is not null;
drop view open_rollup;
drop function six_places;
drop function open_kwh;
alter table channel_state drop column sealed;
alter table channel_state reset (fillfactor);
update channel_state set rollup_state = jsonb_build_object(
    'ts', rollup_state -> 0, 'total_kwh', rollup_state -> 1,
    'quality', rollup_state -> 2, 'power_kw', rollup_state -> 3,
    'by_power', rollup_state -> 4,
    'buckets', (
        select jsonb_agg(
            jsonb_build_object(
                'grain', b -> 0, 'start', b -> 1, 'end', b -> 2, 'start_kwh', b -> 3,
                'start_quality', b -> 4, 'known_us', b -> 5, 'covered_us', b -> 6,
                'estimated_kwh', b -> 7, 'peak_kw', b -> 8, 'peak_at', b -> 9,
                'sample_kw', b -> 10, 'min_kw', b -> 11, 'readings', b -> 12,
                'events', b -> 13
            ) order by n
        )
        from jsonb_array_elements(rollup_state -> 5) with ordinality as t (b, n)
    ),
    'quarter', jsonb_build_object(
        'end', rollup_state #> '{6,0}', 'since', rollup_state #> '{6,1}',
        'kwh', rollup_state #> '{6,2}', 'covered_us', rollup_state #> '{6,3}'
    )
)
where rollup_state is not null;
alter table closed_rollup
    drop constraint closed_rollup_pkey,
    add constraint rollup_pkey primary key (endpoint_id, channel, grain, start_ts),
    reset (autovacuum_vacuum_insert_scale_factor),
    set (fillfactor = 70);
alter index closed_rollup_start rename to rollup_start;
alter table closed_rollup rename to rollup;
