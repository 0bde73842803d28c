-- What plugins have to tell people, and whom it is told how.
create table notify_channel (
    id bigint generated always as identity primary key,
    name text not null unique,
    kind text not null check (kind in ('email', 'webhook')),
    -- Where to, as far as everybody may see it.
    shown text not null,
    -- Addresses or URL and the secret, as JSON: many URLs have a password in them.
    sealed text not null,
    -- Null: of every plugin.
    plugin text,
    min_level integer not null,
    enabled boolean not null default true,
    created_by text not null,
    created_at timestamptz not null
);

create table notice (
    id uuid primary key,
    plugin text not null,
    -- What makes it the same when it is told twice; null: nothing does.
    key text,
    level integer not null,
    subject text not null,
    body text not null,
    created_at timestamptz not null,
    unique (plugin, key)
);

create index notice_created_at on notice (created_at);

create table notice_delivery (
    notice_id uuid not null references notice on delete cascade,
    channel_id bigint not null references notify_channel on delete cascade,
    state text not null check (state in ('pending', 'delivered', 'failed')),
    attempts integer not null default 0,
    -- Also the end of the lease of whoever is at it.
    next_at timestamptz not null,
    error text not null default '',
    done_at timestamptz,
    primary key (notice_id, channel_id)
);

create index notice_delivery_due on notice_delivery (next_at) where state = 'pending';
