-- What the host knows of each plugin: whether an admin enabled it, the password of its
-- login role (sealed with the host's key set), and which version ran last.
create table plugin (
    id text primary key,
    distribution text not null,
    version text not null,
    enabled boolean not null default false,
    role_password text,
    first_seen_at timestamptz not null default now(),
    last_started_at timestamptz
);

-- One row: what tells this installation from every other on the same server.
create table instance (
    single boolean primary key default true check (single),
    id uuid not null default gen_random_uuid(),
    created_at timestamptz not null default now()
);

insert into instance default values;
