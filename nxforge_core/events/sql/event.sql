-- name: notify
-- Tell every process of the installation; one notification for each payload.
select pg_notify('nxforge_events', payload) from unnest($1::text[]) as payload;

-- name: keep
-- An event that is too large for a notification, which names it instead.
with kept as (
    insert into nxforge.event_outbox (id, name, source, at, data)
    values ($1::text::uuid, $2, $3, $4, $5::text::json)
    on conflict (id) do nothing
)
select pg_notify(
    'nxforge_events', json_build_array($6::text, '[]'::json, json_build_array($1::text))::text
);

-- name: fetch_kept
-- Large events by their ids.
select id::text as id, name, source, at, data::text as data
from nxforge.event_outbox where id = any($1::text[]::uuid[])
order by id;

-- name: forget_kept
-- Whoever listens has fetched them long ago.
delete from nxforge.event_outbox where at < now() - interval '10 minutes';
