-- Months of groups as they were reported: what an invoice or a lock cites.
create table report (
    id bigint primary key generated always as identity,
    -- null: every endpoint
    group_id uuid references endpoint_group (id),
    -- the first day of a calendar month, each endpoint in its own zone
    month date not null check (extract(day from month) = 1),
    -- one more for each time that the figures were others
    version integer not null check (version > 0),
    is_open boolean not null,
    -- of the document, byte for byte
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    document text not null,
    generated_at timestamptz not null
);

create unique index report_once on report (
    month, coalesce(group_id, '00000000-0000-0000-0000-000000000000'::uuid), version
);
