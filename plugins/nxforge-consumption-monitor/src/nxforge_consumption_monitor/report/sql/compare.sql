-- name: hour_marks
-- The hour of the main channel that holds each instant, with U at both its ends.
select w.n, h.start_ts, h.end_ts, h.start_register, h.end_register
from unnest($1::uuid[], $2::timestamptz[]) with ordinality as w (endpoint_id, at, n)
left join lateral (
    select r.start_ts, r.end_ts, r.start_register, r.end_register
    from rollup r
    where r.endpoint_id = w.endpoint_id and r.channel = 'total' and r.grain = 'hour'
      and r.start_ts <= w.at
    order by r.start_ts desc limit 1
) h on h.end_ts >= w.at
order by w.n
