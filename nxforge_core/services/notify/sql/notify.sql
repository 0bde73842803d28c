-- name: queue_notice
-- A notice, if it is new, for every channel that wants it.
with made as (
    insert into notice (id, plugin, key, level, subject, body, created_at)
    values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (plugin, key) do nothing
    returning id, plugin, level
), queued as (
    insert into notice_delivery (notice_id, channel_id, state, next_at)
    select made.id, channel.id, 'pending', $7
    from made, notify_channel as channel
    where channel.enabled
        and (channel.plugin is null or channel.plugin = made.plugin)
        and channel.min_level <= made.level
    returning 1
)
select count(*)::integer from queued;

-- name: queue_test
-- A notice for one channel, whatever it wants.
with made as (
    insert into notice (id, plugin, key, level, subject, body, created_at)
    values ($1, 'nxforge', null, 0, $3, $4, $5)
    returning id
)
insert into notice_delivery (notice_id, channel_id, state, next_at)
select made.id, $2, 'pending', $5 from made;

-- name: wake
-- Whoever delivers looks at once.
select pg_notify('nxforge_notices', '');

-- name: claim_notices
-- What is due, for this process alone until the lease ends.
update notice_delivery as d
set attempts = d.attempts + 1, next_at = $2
from (
    select notice_id, channel_id from notice_delivery
    where state = 'pending' and next_at <= $1
    order by next_at limit 10
    for update skip locked
) as due, notice as n, notify_channel as c
where d.notice_id = due.notice_id and d.channel_id = due.channel_id
    and n.id = d.notice_id and c.id = d.channel_id
returning d.notice_id, d.channel_id, d.attempts, n.plugin, n.level, n.subject, n.body,
    n.created_at, c.name as channel, c.kind, c.sealed;

-- name: note_delivery
-- What became of an attempt.
update notice_delivery
set state = $3, next_at = $4, error = $5, done_at = $6
where notice_id = $1 and channel_id = $2 and state = 'pending';

-- name: list_channels
-- All of them by name.
select id, name, kind, shown, plugin, min_level, enabled, created_by, created_at
from notify_channel order by name;

-- name: add_channel
-- No row where the name is taken.
insert into notify_channel (
    name, kind, shown, sealed, plugin, min_level, created_by, created_at
) values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (name) do nothing
returning id, name, kind, shown, plugin, min_level, enabled, created_by, created_at;

-- name: remove_channel
-- No row where there is none.
delete from notify_channel where id = $1 returning name, kind;

-- name: channel_name
-- Nothing where there is none.
select name from notify_channel where id = $1;

-- name: list_deliveries
-- The newest first.
select d.notice_id, c.name as channel, n.plugin, n.level, n.subject, n.created_at,
    d.state, d.attempts, d.next_at, d.error, d.done_at
from notice_delivery as d
join notice as n on n.id = d.notice_id
join notify_channel as c on c.id = d.channel_id
order by n.created_at desc, c.name limit $1;

-- name: drop_old_notices
-- What nobody will look at any more.
delete from notice where created_at < $1;
