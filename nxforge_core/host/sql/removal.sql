-- name: plugin_tables
-- Tables of the core that hold rows of plugins, runs first.
select relation.relname as name
from pg_attribute as field
join pg_class as relation on relation.oid = field.attrelid
join pg_namespace as place on place.oid = relation.relnamespace
where place.nspname = 'nxforge' and field.attname = 'plugin'
    and relation.relkind in ('r', 'p') and relation.relname <> 'audit'
order by relation.relname <> 'run', relation.relname;

-- name: forget_statements
-- What takes a plugin's rows out of all of them; PostgreSQL itself quotes.
select format('delete from nxforge.%I where plugin = %L', name, $1::text) as sql
from unnest($2::text[]) as name;

-- name: count_statement
-- How many there are.
select format('select count(*) from nxforge.%I where plugin = %L', $2::text, $1::text);

-- name: rows_statement
-- One page of them as JSON, finished runs only and what belongs to those.
select case $2::text
    when 'run' then format(
        'select to_jsonb(t)::text as line from nxforge.run as t '
        'where plugin = %L and finished_at is not null and not exists ('
        'select from nxforge.run as p where p.id = t.parent and p.finished_at is null) '
        'order by id limit $1 offset $2', $1::text
    )
    when 'run_log' then format(
        'select to_jsonb(t)::text as line from nxforge.run_log as t '
        'join nxforge.run as r on r.id = t.run '
        'where r.plugin = %L and r.finished_at is not null '
        'order by t.run, t.line limit $1 offset $2', $1::text
    )
    when 'run_attempt' then format(
        'select to_jsonb(t)::text as line from nxforge.run_attempt as t '
        'join nxforge.run as r on r.id = t.run '
        'where r.plugin = %L and r.finished_at is not null '
        'order by t.run, t.attempt limit $1 offset $2', $1::text
    )
    else format(
        'select to_jsonb(t)::text as line from nxforge.%I as t '
        'where plugin = %L order by t::text limit $1 offset $2', $2::text, $1::text
    )
end;

-- name: bring_rows_statement
-- Puts a page of them back; what is there already stays.
select format(
    'insert into nxforge.%I overriding system value '
    'select (jsonb_populate_record(null::nxforge.%I, line::jsonb)).* '
    'from unnest($1::text[]) as line on conflict do nothing', $1::text, $1::text
);

-- name: catch_up_runs
-- The next run gets a number of its own.
select setval(
    pg_get_serial_sequence('nxforge.run', 'id'),
    greatest((select max(id) from run), nextval(pg_get_serial_sequence('nxforge.run', 'id')))
);

-- name: forget_queue
-- What the queue still holds of it.
delete from nxq.procrastinate_jobs where queue_name = $1;

-- name: forget_outbox
-- Events of it that are on their way.
delete from event_outbox where source = $1;

-- name: forget_roles
-- Its permissions in roles of an administrator's own making.
update own_role
set permissions = array(
    select one from unnest(permissions) as one where not starts_with(one, $1 || ':')
)
where exists (select from unnest(permissions) as one where starts_with(one, $1 || ':'));

-- name: forget_tokens
-- And in tokens; one that was for this plugin only may do nothing any more.
update token
set permissions = array(
        select one from unnest(permissions) as one where not starts_with(one, $1 || ':')
    )
where exists (select from unnest(permissions) as one where starts_with(one, $1 || ':'));

-- name: forget_token_plugins
-- Tokens that were for some plugins are for the others.
update token set plugins = array_remove(plugins, $1) where $1 = any(plugins);

-- name: forget_cards
-- Its cards on start pages.
update home_layout
set cards = array(select one from unnest(cards) as one where not starts_with(one, $1 || '/')),
    hidden = array(
        select one from unnest(hidden) as one where not starts_with(one, $1 || '/')
    )
where exists (select from unnest(cards || hidden) as one where starts_with(one, $1 || '/'));

-- name: forget_plugin
-- Itself.
delete from plugin where id = $1;

-- name: core_residue
-- What the core still knows of it, beside the audit trail.
select 'row of plugin' as what from plugin where id = $1
union all
select 'event on its way' from event_outbox where source = $1
union all
select 'permission in role ' || name from own_role
where exists (select from unnest(permissions) as one where starts_with(one, $1 || ':'))
union all
select 'token ' || name from token
where $1 = any(plugins)
    or exists (select from unnest(permissions) as one where starts_with(one, $1 || ':'))
union all
select 'card of a start page' from home_layout
where exists (select from unnest(cards || hidden) as one where starts_with(one, $1 || '/'));

-- name: queue_residue
-- What the queue still holds of it.
select count(*) from nxq.procrastinate_jobs where queue_name = $1;

-- name: has_queue
-- Whether there is a queue at all.
select to_regclass('nxq.procrastinate_jobs') is not null;

-- name: stored_plugin
-- What comes along in an export.
select id, distribution, version, agreed, surface from plugin where id = $1;

-- name: bring_plugin
-- A plugin that is back; an admin enables it.
insert into plugin (id, distribution, version, enabled, agreed, surface)
values ($1, $2, $3, false, $4, $5)
on conflict (id) do update
set version = excluded.version, agreed = excluded.agreed, surface = excluded.surface;

-- name: stored_version
-- The version that ran last.
select version from plugin where id = $1;
