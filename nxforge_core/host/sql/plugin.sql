-- name: role_password
-- The sealed password of a plugin's login role.
select role_password from plugin where id = $1;

-- name: remember_plugin
-- A plugin that is about to start, and its login's sealed password.
insert into plugin (id, distribution, version, role_password, last_started_at, agreed)
values ($1, $2, $3, $4, $5, $6)
on conflict (id) do update
set distribution = excluded.distribution,
    version = excluded.version,
    role_password = excluded.role_password,
    last_started_at = excluded.last_started_at,
    agreed = coalesce(plugin.agreed, excluded.agreed);

-- name: remember_surface
-- What a plugin that came to work adds.
update plugin set surface = $2 where id = $1 and surface is distinct from $2;

-- name: agreed
-- What was agreed to; the row stays as it is until the transaction ends.
select agreed from plugin where id = $1 for update;

-- name: agree
-- An admin's consent; hosts try it again.
insert into plugin (id, distribution, version, agreed, edition)
values ($1, $2, $3, $4, 1)
on conflict (id) do update
set agreed = excluded.agreed, edition = plugin.edition + 1;

-- name: forget_schedules
-- Time in which a plugin was disabled owes nothing: its jobs start anew.
delete from schedule where plugin = $1;

-- name: forget_subscribers
-- Nor does it owe events.
delete from event_subscriber where plugin = $1;

-- name: tell_said
-- To whom it may concern.
select publish_event($1, json_build_object('id', $2::text, 'version', $3::text));

-- name: set_enabled
-- An admin's word about a plugin.
insert into plugin (id, distribution, version, enabled, edition)
values ($1, $2, $3, $4, 1)
on conflict (id) do update
set enabled = excluded.enabled, edition = plugin.edition + 1, hold_version = null;

-- name: ask_reload
-- Once more from the start.
insert into plugin (id, distribution, version, edition, reload)
values ($1, $2, $3, 1, 1)
on conflict (id) do update
set edition = plugin.edition + 1,
    reload = plugin.edition + 1,
    hold_version = null;

-- name: hold
-- What a plugin did to a process.
insert into plugin (id, distribution, version, hold_phase, hold_why, hold_version)
values ($1, $2, $3, $4, $5, $3)
on conflict (id) do update
set hold_phase = excluded.hold_phase,
    hold_why = excluded.hold_why,
    hold_version = excluded.hold_version;

-- name: tell_wishes
-- Every process looks again.
select pg_notify('nxforge_plugins', '');

-- name: restarts
-- How often a restart was asked for.
select asked from restart;

-- name: ask_restart
-- Every process hears it when this is committed.
with counted as (update restart set asked = asked + 1)

select pg_notify('nxforge_restart', '');

-- name: wishes
-- What is stored of every plugin that ran or of which something was said.
select
    id, distribution, version, enabled, edition, reload,
    hold_phase, hold_why, hold_version, agreed, surface
from plugin order by id;
