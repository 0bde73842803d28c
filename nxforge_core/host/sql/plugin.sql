-- name: role_password
-- The sealed password of a plugin's login role.
select role_password from plugin where id = $1;

-- name: remember_plugin
-- A plugin that is about to start, and its login's sealed password.
insert into plugin (id, distribution, version, role_password, last_started_at)
values ($1, $2, $3, $4, $5)
on conflict (id) do update
set distribution = excluded.distribution,
    version = excluded.version,
    role_password = excluded.role_password,
    last_started_at = excluded.last_started_at;

-- name: forget_schedules
-- Time in which a plugin was disabled owes nothing: its jobs start anew.
delete from schedule using plugin
where schedule.plugin = $1 and plugin.id = $1 and plugin.enabled <> $2;

-- name: forget_subscribers
-- Nor does it owe events.
delete from event_subscriber using plugin
where event_subscriber.plugin = $1 and plugin.id = $1 and plugin.enabled <> $2;

-- name: tell_enabled
-- To whom it may concern.
select publish_event(
    case when $2 then 'module.enabled' else 'module.disabled' end,
    json_build_object('id', $1::text, 'version', $3::text)
)
where coalesce((select enabled from plugin where id = $1), false) <> $2;

-- name: set_enabled
-- An admin's word about a plugin.
insert into plugin (id, distribution, version, enabled)
values ($1, $2, $3, $4)
on conflict (id) do update set enabled = excluded.enabled;

-- name: enabled_plugins
-- Plugins that an admin enabled.
select id from plugin where enabled order by id;
