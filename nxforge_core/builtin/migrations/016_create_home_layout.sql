-- What somebody wants on the start page, and in which order. Cards of plugins that do
-- not run keep their places.
create table home_layout (
    person bigint unique references person on delete cascade,
    -- Of a guest, whose account this is.
    session bigint unique references session on delete cascade,
    cards text[] not null check (cardinality(cards) <= 500),
    hidden text[] not null check (cardinality(hidden) <= 500),
    changed_at timestamptz not null,
    check ((person is null) <> (session is null))
);
