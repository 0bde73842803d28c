-- name: list_webhooks
-- All webhooks by name, or the one with the id $1.
select
    id::text as id, name, url, events, min_severity, group_id::text as group_id,
    sealed_secret, enabled, failures, paused_at, paused_why, created_at, updated_at
from webhook where $1::uuid is null or id = $1 order by name

-- name: hold_webhooks
-- Writers of webhooks one at a time.
lock table webhook in share row exclusive mode

-- name: insert_webhook
-- A webhook of a person.
insert into webhook (
    id, name, url, events, min_severity, group_id, sealed_secret, enabled
)
values ($1, $2, $3, $4, $5, $6::uuid, $7, $8)

-- name: update_webhook
-- The webhook as it is now wanted; one that is enabled is not paused any more.
update webhook set
    name = $2, url = $3, events = $4, min_severity = $5, group_id = $6::uuid,
    sealed_secret = $7, enabled = $8, updated_at = clock_timestamp(),
    failures = case when $9 then 0 else failures end,
    paused_at = case when $9 then null else paused_at end,
    paused_why = case when $9 then '' else paused_why end
where id = $1

-- name: delete_webhook
-- A webhook with its deliveries.
delete from webhook where id = $1

-- name: queue_deliveries
-- The outbox: an event for a webhook is queued once.
insert into webhook_delivery (webhook_id, event_id, event, body, next_at, created_at)
select webhook_id, event_id, event, body, $2, $2
from json_to_recordset($1::text::json) as d (
    webhook_id uuid, event_id uuid, event text, body text
)
on conflict do nothing

-- name: due_deliveries
-- What is to be sent at $1: of each webhook that takes it the $2 that wait longest.
select
    d.id, d.event_id::text as event_id, d.event, d.body, d.attempts, d.created_at,
    w.id::text as webhook_id, w.name as webhook_name, w.url, w.sealed_secret, w.failures
from webhook w
cross join lateral (
    select q.id, q.event_id, q.event, q.body, q.attempts, q.created_at
    from webhook_delivery q
    where q.webhook_id = w.id and q.state = 'pending' and q.next_at <= $1
    order by q.next_at, q.id limit $2
) d
where w.enabled and w.paused_at is null
order by w.id, d.id

-- name: note_attempt
-- What became of an attempt, $1 the delivery: its state $2, outcome $3, status $4, error
-- $5, at $6, tried again at $7. A failure holds back the webhook's other deliveries for
-- as long: whoever is not there is asked one thing at a time.
with tried as (
    update webhook_delivery
    set state = $2, attempts = attempts + 1, outcome = $3, http_status = $4, error = $5,
        attempted_at = $6, next_at = coalesce($7, next_at)
    where id = $1 and state = 'pending'
    returning webhook_id, id
), held as (
    update webhook_delivery q
    set next_at = greatest(q.next_at, $7)
    from tried t
    where q.webhook_id = t.webhook_id and q.state = 'pending' and q.id <> t.id
      and $3 <> 'ok' and $7::timestamptz is not null
)
update webhook w
set failures = case when $3 = 'ok' then 0 else w.failures + 1 end
from tried t where w.id = t.webhook_id
returning w.failures

-- name: expire_delivery
-- Too late for anybody: it is given up unsent.
update webhook_delivery
set state = 'failed', outcome = 'expired', error = $3, attempted_at = $2
where id = $1 and state = 'pending'

-- name: pause_webhook
-- Nothing arrives: nothing is sent before somebody enables it again.
update webhook set paused_at = $2, paused_why = $3 where id = $1 and paused_at is null
returning id

-- name: drop_deliveries
-- What still waits for a webhook is given up, because of $2.
update webhook_delivery set state = 'dropped', error = $2
where webhook_id = $1 and state = 'pending'

-- name: list_deliveries
-- The newest deliveries of a webhook below the id $2, $3 at the most.
select
    id, event_id::text as event_id, event, state, attempts, outcome, http_status, error,
    created_at, attempted_at, case when state = 'pending' then next_at end as next_at,
    body
from webhook_delivery
where webhook_id = $1 and ($2::bigint is null or id < $2)
order by id desc limit $3

-- name: delete_deliveries_before
-- Retention of the log of deliveries.
with gone as (
    delete from webhook_delivery where created_at < $1 returning 1
)
select count(*) from gone
