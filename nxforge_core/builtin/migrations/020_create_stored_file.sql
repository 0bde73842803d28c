-- Files of plugins: what is known of each; the bytes lie below the data directory, in a
-- file that is named like `content`.
create table stored_file (
    plugin text not null,
    name text not null,
    content uuid not null unique,
    size bigint not null check (size >= 0),
    sha256 text not null,
    stored_at timestamptz not null,
    -- Null: it is kept until it is deleted.
    expires_at timestamptz,
    primary key (plugin, name)
);

create index stored_file_expires_at on stored_file (expires_at)
    where expires_at is not null;
