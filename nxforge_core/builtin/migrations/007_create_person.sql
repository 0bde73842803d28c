-- People with passwords, their roles, sessions and devices, and what they changed.

-- Roles of an administrator's own making; admin, operator and viewer are built in.
create table own_role (
    name text primary key,
    description text not null default '',
    permissions text[] not null,
    created_at timestamptz not null,
    changed_at timestamptz not null
);

create table person (
    id bigint generated always as identity primary key,
    name text not null,
    display_name text not null default '',
    email text,
    role text not null,
    active boolean not null default true,
    -- argon2id with its salt and its cost; null until the person has set one.
    password text,
    created_at timestamptz not null,
    password_at timestamptz,
    last_login_at timestamptz
);

-- Nobody is to be mistaken for another by the case of a letter.
create unique index person_name on person (lower(name));

-- The text is never stored: `hash` is the SHA-256 of 160 random bits.
create table session (
    id bigint generated always as identity primary key,
    hash bytea not null unique check (octet_length(hash) = 32),
    person bigint references person on delete cascade,
    -- Of a guest, whom a login link let in.
    name text,
    role text,
    created_at timestamptz not null,
    last_used_at timestamptz not null,
    ends_at timestamptz not null check (ends_at > created_at),
    address text not null,
    agent text not null,
    check ((person is null) = (name is not null)),
    check ((name is null) = (role is null))
);

create index session_person on session (person) where person is not null;
create index session_ends on session (ends_at);

-- Browsers somebody logged in with: failures elsewhere do not slow them down.
create table device (
    hash bytea primary key check (octet_length(hash) = 32),
    person bigint not null references person on delete cascade,
    created_at timestamptz not null,
    ends_at timestamptz not null
);

create index device_person on device (person);

-- Failed log-ins by the hash of what they have in common. Worth nothing after a crash.
create unlogged table login_trouble (
    key bytea primary key check (octet_length(key) = 32),
    failures double precision not null,
    last_at timestamptz not null
);

create index login_trouble_last on login_trouble (last_at);

-- Sessions have a table of their own now: whoever is logged in does so once more.
delete from token where kind = 'session';
drop index token_active_name;
alter table token
    drop column kind,
    alter column role drop not null,
    -- Who it belongs to: it may do what that one may, within its own limits.
    add column owner bigint references person on delete cascade,
    add column permissions text[],
    add column plugins text[],
    add constraint token_role_check check ((owner is null) = (role is not null));
create unique index token_active_name on token (coalesce(owner, 0), name)
where revoked_at is null;

-- A link logs a guest in, makes the first administrator, or sets a new password.
alter table login_link
    alter column name drop not null,
    alter column role drop not null,
    add column kind text not null default 'login'
        check (kind in ('login', 'setup', 'reset')),
    add column person bigint references person on delete cascade,
    add constraint login_link_whom_check check (
        (kind = 'login') = (name is not null and role is not null)
        and (kind = 'reset') = (person is not null)
    );

-- Every process forgets what it remembers of tokens and sessions.
create function tell_access() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
    perform pg_notify('nxforge_access', '');
    return null;
end $$;

create trigger tell_access after update of name, role, active or delete on person
    for each row execute function tell_access();
create trigger tell_access after delete on session
    for each row execute function tell_access();
create trigger tell_access after update of revoked_at or delete on token
    for each row execute function tell_access();
create trigger tell_access after update or delete on own_role
    for each row execute function tell_access();
