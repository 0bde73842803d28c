-- name: store
-- Store events for their durable subscriptions.
select nxforge.store_event(id, name, source, at, data::json)
from unnest($1::text[]::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::text[])
    as event (id, name, source, at, data);

-- name: patterns
-- What durable subscriptions want.
select distinct pattern from nxforge.event_subscriber;

-- name: register
-- Durable subscriptions of plugins that run here.
insert into nxforge.event_subscriber (plugin, name, pattern)
select * from unnest($1::text[], $2::text[], $3::text[])
on conflict (plugin, name) do update
set pattern = excluded.pattern, seen_at = now();

-- name: forget_others
-- Durable subscriptions that plugins which run here have no more.
delete from nxforge.event_subscriber
where plugin = any($1::text[])
    and (plugin, name) not in (select * from unnest($2::text[], $3::text[]));

-- name: seen
-- They still run here.
update nxforge.event_subscriber set seen_at = now()
from unnest($1::text[], $2::text[]) as here (plugin, name)
where event_subscriber.plugin = here.plugin and event_subscriber.name = here.name;

-- name: tell_subscribers
-- Every process reads the patterns again.
select pg_notify('nxforge_subscribers', '');

-- name: take
-- Lease what is due; whoever has one already is not waited for.
with due as (
    select id from nxforge.event_delivery
    where plugin = $1 and subscription = $2 and due_at <= now() and given_up_at is null
    order by id limit $3
    for update skip locked
)
update nxforge.event_delivery as delivery
set holder = $4, tries = tries + 1, due_at = now() + $5 * interval '1 second'
from due where delivery.id = due.id
returning delivery.id as delivery, event::text as id, name, source, at,
    data::text as data, tries;

-- name: renew
-- Still at it.
update nxforge.event_delivery set due_at = now() + $3 * interval '1 second'
where id = any($1::bigint[]) and holder = $2;

-- name: done
-- Told.
delete from nxforge.event_delivery where id = $1 and holder = $2;

-- name: again
-- Not told: once more after some seconds, or, where there are none, never again.
update nxforge.event_delivery
set holder = null, error = $3, due_at = now() + coalesce($4, 0) * interval '1 second',
    given_up_at = case when $4::double precision is null then now() end
where id = $1 and holder = $2;

-- name: give_back
-- Not begun: somebody else may at once.
update nxforge.event_delivery
set holder = null, tries = tries - 1, due_at = now()
where id = any($1::bigint[]) and holder = $2;

-- name: next_due
-- Seconds until there is something to do.
select extract(epoch from min(due_at) - now())::double precision
from nxforge.event_delivery
where plugin = $1 and subscription = $2 and given_up_at is null;

-- name: forget_subscribers
-- Nobody has them any more; what they still had to be told goes with the next one.
delete from nxforge.event_subscriber where seen_at < now() - interval '1 day';

-- name: forget_deliveries
-- Given up long ago, or for nobody.
delete from nxforge.event_delivery as delivery
where given_up_at < now() - interval '7 days'
    or not exists (
        select from nxforge.event_subscriber as subscriber
        where subscriber.plugin = delivery.plugin
            and subscriber.name = delivery.subscription
    );
