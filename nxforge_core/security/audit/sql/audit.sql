-- name: add_audit
-- One row at the end of the chain, in the caller's transaction.
select add_audit($1, $2, $3, $4, $5, $6, $7, $8);

-- name: list_audit
-- Newest first, before a row; a filter that is null lets everything through.
select id, at, actor, kind, action, target, before, after, address, request
from audit
where ($1::bigint is null or id < $1)
  and ($2::text is null or actor = $2)
  and ($3::text is null or action = $3 or starts_with(action, $3 || '.'))
  and ($4::text is null or target = $4)
  and ($5::timestamptz is null or at >= $5)
  and ($6::timestamptz is null or at < $6)
order by id desc
limit $7;

-- name: audit_links
-- The chain from a row on, each part as the hash was made of it.
select id, (extract(epoch from at) * 1000000)::bigint as micros, actor, kind, action,
    target, before::text as before, after::text as after, address, request, previous,
    hash
from audit
where id > $1
order by id
limit $2;

-- name: audit_head
-- The newest row.
select id, hash from audit order by id desc limit 1;

-- name: audit_login
-- What the login that asks may do to the trail by itself.
select current_setting('is_superuser') = 'on' as superuser,
    (select rolcreaterole from pg_roles where rolname = current_user) as creates_roles,
    has_table_privilege('nxforge.audit', 'update')
        or has_table_privilege('nxforge.audit', 'delete')
        or has_table_privilege('nxforge.audit', 'truncate') as writes,
    pg_get_userbyid(relowner) = current_user or exists (
        select from pg_proc where pronamespace = 'nxforge'::regnamespace
            and proname in ('add_audit', 'audit_piece', 'refuse_audit_change')
            and pg_get_userbyid(proowner) = current_user
    ) as owns,
    current_user::text as login,
    current_database()::text as database
from pg_class where oid = 'nxforge.audit'::regclass;

-- name: protect_audit
-- Hands trail and way in to a role that nobody logs in with. The host's login, which
-- makes that role, keeps what reading and adding need.
select format($$
    do $do$ begin
        create role %1$I nologin;
        comment on role %1$I is %3$L;
    exception when duplicate_object then null; end $do$;
    grant %1$I to %2$I;
    grant usage, create on schema nxforge to %1$I;
    alter table nxforge.audit owner to %1$I;
    alter function nxforge.add_audit(text, text, text, text, jsonb, jsonb, text, text)
        owner to %1$I;
    alter function nxforge.audit_piece(text) owner to %1$I;
    alter function nxforge.refuse_audit_change() owner to %1$I;
    revoke create on schema nxforge from %1$I;
    set local role %1$I;
    revoke all on nxforge.audit from %2$I;
    grant select on nxforge.audit to %2$I;
    revoke all on function
        nxforge.add_audit(text, text, text, text, jsonb, jsonb, text, text) from public;
    grant execute on function
        nxforge.add_audit(text, text, text, text, jsonb, jsonb, text, text) to %2$I;
    reset role;
    revoke %1$I from %2$I;
$$, $1::text, $2::text, 'NxForge, database ' || $3::text);
