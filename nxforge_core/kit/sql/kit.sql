-- name: owned_elsewhere
-- What the owner of a schema owns beside what lies in it.
select pg_describe_object(owned.classid, owned.objid, owned.objsubid) as what
from pg_namespace as corner
join pg_shdepend as owned
    on owned.refclassid = 'pg_authid'::regclass
    and owned.refobjid = corner.nspowner
    and owned.deptype = 'o'
    and owned.dbid = (select oid from pg_database where datname = current_database())
where corner.nspname = $1
    and (owned.classid, owned.objid) is distinct from ('pg_namespace'::regclass, corner.oid)
    and not exists (
        select from pg_class as relation
        where owned.classid = 'pg_class'::regclass
            and relation.oid = owned.objid
            and relation.relnamespace = corner.oid
    )
    and not exists (
        select from pg_proc as routine
        where owned.classid = 'pg_proc'::regclass
            and routine.oid = owned.objid
            and routine.pronamespace = corner.oid
    )
    and not exists (
        select from pg_type as kind
        where owned.classid = 'pg_type'::regclass
            and kind.oid = owned.objid
            and kind.typnamespace = corner.oid
    )
order by 1;

-- name: shape
-- A schema as text: columns, constraints, indexes, routines and triggers.
select line
from (
    select 'column ' || c.relname || '.' || a.attname || ' '
        || format_type(a.atttypid, a.atttypmod) || ' '
        || a.attnotnull || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '') as line
    from pg_class as c
    join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef as d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relnamespace = to_regnamespace($1::text) and c.relkind in ('r', 'p', 'v', 'm', 'f')
    union all
    select 'constraint ' || conrelid::regclass || ' ' || pg_get_constraintdef(oid)
    from pg_constraint
    where connamespace = to_regnamespace($1::text) and conrelid <> 0
    union all
    select 'index ' || indexdef from pg_indexes where schemaname = $1::text
    union all
    select 'routine ' || pg_get_functiondef(oid)
    from pg_proc
    where pronamespace = to_regnamespace($1::text) and prokind in ('f', 'p')
    union all
    select 'trigger ' || pg_get_triggerdef(t.oid)
    from pg_trigger as t
    join pg_class as c on c.oid = t.tgrelid
    where c.relnamespace = to_regnamespace($1::text) and not t.tgisinternal
    union all
    select 'relation ' || relname from pg_class where relnamespace = to_regnamespace($1::text)
) as shape
where line !~ '(_yoyo|yoyo_lock|_nxforge_migration)'
order by 1;
