-- name: stored_settings
-- What admins set of one plugin.
select name, value, sealed, version, changed_by, changed_at
from plugin_setting where plugin = $1 order by name;

-- name: lock_settings
-- One change of a plugin's settings after the other, until the transaction ends.
select pg_advisory_xact_lock(hashtextextended('nxforge settings ' || $1, 0));

-- name: put_setting
-- A value, whatever was there before.
insert into plugin_setting (
    plugin, name, value, sealed, version, changed_by, changed_at
) values ($1, $2, $3, $4, $5, $6, $7)
on conflict (plugin, name) do update
set value = excluded.value,
    sealed = excluded.sealed,
    version = excluded.version,
    changed_by = excluded.changed_by,
    changed_at = excluded.changed_at;

-- name: drop_settings
-- Some of them.
delete from plugin_setting where plugin = $1 and name = any ($2::text[]);
