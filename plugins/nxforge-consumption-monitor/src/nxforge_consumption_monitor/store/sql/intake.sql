-- name: known_target
-- The endpoint that a person names by id, name or external reference, $1; none of them
-- archived. More than one row: the reference is not unique.
select
    id::text as id, name, group_id::text as group_id, tz, multiplier, modulus_kwh,
    register_digits
from endpoint
where archived_at is null
  and (id::text = lower($1) or name = $1 or external_ref = $1)
order by id::text = lower($1) desc, name = $1 desc, name, id

-- name: stored_at
-- What is stored of a channel at the instants $3.
select ts, trim_scale(register_kwh) as register_kwh, quality, reason, source, import_id
from reading
where endpoint_id = $1 and channel = $2 and ts = any($3::timestamptz[])

-- name: register_before
-- The last good register of a channel at or before $3.
select trim_scale(register_kwh) as register_kwh from reading
where endpoint_id = $1 and channel = $2 and ts <= $3
  and quality in ('measured', 'estimated', 'manual') and register_kwh is not null
order by ts desc limit 1

-- name: insert_offers
-- Readings of instants at which none is stored. They are judged by a restatement.
insert into reading (
    endpoint_id, channel, ts, slot, register_kwh, quality, source, ts_source,
    resolution_kwh, import_id, note, entered_by
)
select
    $1, $2, o.ts, o.ts, o.register_kwh, 'manual', $4, $4, o.resolution_kwh, $5, $6, $7
from unnest($3::timestamptz[], $8::numeric[], $9::numeric[])
    as o (ts, register_kwh, resolution_kwh)

-- name: supersede_stored
-- Readings at the instants $3 lose: they are kept apart, and their place is free.
with lost as (
    delete from reading
    where endpoint_id = $1 and channel = $2 and ts = any($3::timestamptz[])
    returning *
)
insert into superseded_reading (
    endpoint_id, channel, ts, register_kwh, source, won_by, import_id, note, entered_by
)
select
    endpoint_id, channel, ts, register_kwh, source, $4, import_id, note, entered_by
from lost

-- name: supersede_offers
-- What was brought in and lost against what is stored.
insert into superseded_reading (
    endpoint_id, channel, ts, register_kwh, source, won_by, import_id, note, entered_by
)
select $1, $2, o.ts, o.register_kwh, $4, o.won_by, $5, $6, $7
from unnest($3::timestamptz[], $8::numeric[], $9::text[])
    as o (ts, register_kwh, won_by)
where not exists (
    select from superseded_reading s
    where s.endpoint_id = $1 and s.channel = $2 and s.ts = o.ts
      and s.register_kwh = o.register_kwh and s.source = $4
)

-- name: judged_at
-- What became of the reading at an instant.
select quality, reason, trim_scale(total_kwh) as total_kwh from reading
where endpoint_id = $1 and channel = $2 and ts = $3

-- name: judged_of_import
-- How many readings of an import are worth what.
select quality, reason, count(*) as readings from reading
where endpoint_id = $1 and channel = $2 and ts between $3 and $4 and import_id = $5
group by quality, reason order by quality, reason

-- name: list_superseded
-- Readings of an endpoint that lost, newest first; $2 and $3 bounds, $4 at the most.
select
    id, endpoint_id::text as endpoint_id, channel, ts,
    trim_scale(register_kwh) as register_kwh, source, won_by, import_id, note,
    entered_by, superseded_at
from superseded_reading
where endpoint_id = $1 and ($2::timestamptz is null or ts >= $2)
  and ($3::timestamptz is null or ts < $3)
order by ts desc, id desc limit $4

-- name: same_import
-- The import of the same file into the same channel, read in the same way.
select
    i.id, i.endpoint_id::text as endpoint_id, e.name as endpoint_name, i.channel,
    i.name, i.sha256, i.options::text as options, i.result::text as result,
    i.created_by, i.created_at
from import_file i join endpoint e on e.id = i.endpoint_id
where i.fingerprint = $1

-- name: insert_import
-- A new import; what came of it is written at its end.
insert into import_file (
    endpoint_id, channel, name, sha256, fingerprint, options, result, created_by
)
values ($1, $2, $3, $4, $5, $6::text::jsonb, '{}', $7)
returning id

-- name: finish_import
-- What came of an import.
update import_file set result = $2::text::jsonb where id = $1

-- name: list_imports
-- The newest imports; $1 null or one endpoint, $2 null or one import, $3 at the most.
select
    i.id, i.endpoint_id::text as endpoint_id, e.name as endpoint_name, i.channel,
    i.name, i.sha256, i.options::text as options, i.result::text as result,
    i.created_by, i.created_at
from import_file i join endpoint e on e.id = i.endpoint_id
where ($1::uuid is null or i.endpoint_id = $1) and ($2::bigint is null or i.id = $2)
order by i.id desc limit $3

-- name: delete_superseded_before
-- Retention of what lost.
with gone as (delete from superseded_reading where ts < $1 returning 1)
select count(*) from gone
