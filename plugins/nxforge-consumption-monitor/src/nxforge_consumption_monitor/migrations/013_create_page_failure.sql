-- What a browser saw when a page failed in it: the latest for each endpoint, bounded.
create table page_failure (
    endpoint_id uuid primary key references endpoint (id) on delete cascade,
    failed_at timestamptz not null,
    outcome text not null,
    error text not null,
    -- number of the step, from 1 on; 0 before the first
    step integer not null check (step >= 0),
    -- without secrets
    html text not null check (octet_length(html) <= 300000),
    -- PNG
    screenshot bytea check (octet_length(screenshot) <= 200000)
);
