-- name: storage
-- Bytes by what they are of, partitions and chunks with the table they belong to, and
-- when the oldest of it is from: `runs`, `audit`, `rest`, or the schema of a plugin.
with recursive member as (
    select relation.oid as root, relation.oid as part
    from pg_class as relation
    join pg_namespace as place on place.oid = relation.relnamespace
    where relation.relkind in ('r', 'p', 'm')
        and (place.nspname in ('nxforge', 'nxq') or place.nspname like 'nxp\_%')
        and not exists (select from pg_inherits where inhrelid = relation.oid)
    union all
    select member.root, inherits.inhrelid
    from member
    join pg_inherits as inherits on inherits.inhparent = member.part
), named as (
    select
        case
            when place.nspname like 'nxp\_%' then place.nspname
            when place.nspname = 'nxq' or relation.relname like 'run%' then 'runs'
            when relation.relname = 'audit' then 'audit'
            else 'rest'
        end as what,
        pg_total_relation_size(member.part) as bytes
    from member
    join pg_class as relation on relation.oid = member.root
    join pg_namespace as place on place.oid = relation.relnamespace
), summed as (
    select what, sum(bytes)::bigint as bytes from named group by what
)
select
    what,
    bytes,
    case what
        when 'runs' then (select queued_at from run order by id limit 1)
        when 'audit' then (select at from audit order by id limit 1)
        when 'rest' then (select created_at from instance)
        else (
            select first_seen_at from plugin
            where 'nxp_' || replace(plugin.id, '-', '_') = what
        )
    end as oldest
from summed;
