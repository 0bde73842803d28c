-- Who changed what. Each row holds the hash of the one before it, so that a row that is
-- changed, removed or put in between breaks the chain for whoever looks.
create table audit (
    id bigint primary key check (id > 0),
    at timestamptz not null,
    actor text not null,
    kind text not null check (kind in ('person', 'token', 'guest', 'command', 'nobody')),
    action text not null,
    target text not null,
    before jsonb,
    after jsonb,
    address text not null,
    request text not null,
    previous bytea not null check (octet_length(previous) = 32),
    hash bytea not null check (octet_length(hash) = 32)
);

create index audit_actor on audit (actor, id);
create index audit_target on audit (target, id);

create function refuse_audit_change() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
    raise exception 'the audit trail is only ever added to' using errcode = 'NX002';
end $$;

create trigger refuse_change before update or delete or truncate on audit
    for each statement execute function refuse_audit_change();

-- A text with its length in bytes, so that no two rows read the same; '-' is null.
create function audit_piece(piece text) returns text
language sql immutable set search_path = pg_catalog as $$
    select case
        when piece is null then '-'
        else octet_length(convert_to(piece, 'UTF8')) || ':' || piece
    end
$$;

-- The only way in, one writer at a time until its transaction ends. Its owner may
-- write; whoever calls it need not.
create function add_audit(
    actor text, kind text, action text, target text, before jsonb, after jsonb,
    address text, request text
) returns bigint
language plpgsql security definer set search_path = pg_catalog as $$
declare
    now_at timestamptz;
    last_id bigint;
    last_hash bytea;
    pieces text[];
begin
    perform pg_advisory_xact_lock(hashtextextended('nxforge.audit', 0));
    select a.id, a.hash into last_id, last_hash
        from nxforge.audit as a order by a.id desc limit 1;
    last_id := coalesce(last_id, 0) + 1;
    last_hash := coalesce(last_hash, decode(repeat('00', 32), 'hex'));
    now_at := clock_timestamp();
    pieces := array[
        last_id::text, (extract(epoch from now_at) * 1000000)::bigint::text, actor,
        kind, action, target, before::text, after::text, address, request,
        encode(last_hash, 'hex')
    ];
    insert into nxforge.audit values (
        last_id, now_at, actor, kind, action, target, before, after, address, request,
        last_hash,
        sha256(convert_to((
            select string_agg(nxforge.audit_piece(piece), ',' order by place)
            from unnest(pieces) with ordinality as each (piece, place)
        ), 'UTF8'))
    );
    return last_id;
end $$;
revoke all on function
    add_audit(text, text, text, text, jsonb, jsonb, text, text) from public;
