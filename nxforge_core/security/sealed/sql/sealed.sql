-- name: rotation_lock
-- One rotation at a time in this database; false where another is under way.
select pg_try_advisory_lock(hashtextextended('nxforge secrets rotate', 0));

-- name: unhurried
-- Looking through large tables takes its time.
set statement_timeout = 0;

-- name: tell_keys
-- Every process looks at its key file.
select pg_notify('nxforge_keys', '');

-- name: listening_processes
-- Running hosts and workers: what they say of themselves, and where they are.
select
    pid,
    application_name as says,
    coalesce(host(client_addr), 'this server''s machine') as origin
from pg_stat_activity
where datname = current_database()
    and application_name like 'nxforge events%'
order by pid;

-- name: sealed_places
-- Where sealed values may be: logins and settings of plugins, and every column of a plugin that
-- can hold text. Each with the statements that look there and that replace one text,
-- if it still is what it was; PostgreSQL itself quotes the names.
select
    p.id as plugin,
    'nxforge.plugin.role_password' as name,
    format(
        'select role_password from nxforge.plugin '
        'where id = %L and role_password is not null',
        p.id
    ) as look,
    format(
        'update nxforge.plugin set role_password = $2 '
        'where id = %L and role_password = $1',
        p.id
    ) as replace
from nxforge.plugin as p
union all
select
    s.plugin,
    'nxforge.plugin_setting.sealed',
    format(
        'select sealed from nxforge.plugin_setting '
        'where plugin = %L and sealed is not null',
        s.plugin
    ),
    format(
        'update nxforge.plugin_setting set sealed = $2 '
        'where plugin = %L and sealed = $1',
        s.plugin
    )
from (select distinct plugin from nxforge.plugin_setting) as s
union all
select
    'nxforge',
    'nxforge.notify_channel.sealed',
    'select sealed from nxforge.notify_channel',
    'update nxforge.notify_channel set sealed = $2 where sealed = $1'
union all
select
    replace(substr(n.nspname, 5), '_', '-'),
    format('%I.%I.%I', n.nspname, c.relname, a.attname),
    format(
        'select distinct %1$I::text from %2$I.%3$I where %1$I::text like ''%%nx1:%%''',
        a.attname, n.nspname, c.relname
    ),
    format(
        'update %2$I.%3$I set %1$I = $2::text::%4$s where %1$I::text = $1::text',
        a.attname, n.nspname, c.relname, format_type(a.atttypid, null)
    )
from pg_attribute as a
join pg_class as c on c.oid = a.attrelid
join pg_namespace as n on n.oid = c.relnamespace
where n.nspname like 'nxp\_%'
    and c.relkind in ('r', 'p')
    and not c.relispartition
    and a.attnum > 0
    and not a.attisdropped
    and a.attgenerated = ''
    and a.atttypid = any (array[
        'text', 'varchar', 'json', 'jsonb', 'text[]', 'varchar[]'
    ]::regtype[])
    and has_table_privilege(c.oid, 'select, update')
order by 1, 2;
