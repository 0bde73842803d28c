-- API tokens and sessions. The text is never stored: `hash` is the SHA-256 of 160
-- random bits, `hint` its first characters for people.
create table token (
    id bigint generated always as identity primary key,
    kind text not null check (kind in ('api', 'session')),
    name text not null,
    role text not null,
    hash bytea not null unique check (octet_length(hash) = 32),
    hint text not null,
    created_at timestamptz not null,
    expires_at timestamptz check (expires_at > created_at),
    last_used_at timestamptz,
    revoked_at timestamptz,
    check (kind = 'api' or expires_at is not null)
);

-- A name stands for one active API token; sessions share the name of their link.
create unique index token_active_name on token (name)
where kind = 'api' and revoked_at is null;

-- One-time codes that are exchanged for a session.
create table login_link (
    hash bytea primary key check (octet_length(hash) = 32),
    name text not null,
    role text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    claimed_at timestamptz
);
