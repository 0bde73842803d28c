-- Hours (UTC), days and months (of the endpoint's zone) that reports add up. Every row
-- can be computed again from readings; a locked month is kept as it was.
create table rollup (
    endpoint_id uuid not null references endpoint (id),
    channel text not null,
    grain text not null check (grain in ('hour', 'day', 'month')),
    start_ts timestamptz not null,
    end_ts timestamptz not null,
    tz text not null,
    energy_kwh numeric,
    -- of it, the part that lies within gaps: its total is known, its hours are not
    estimated_kwh numeric,
    -- the unwrapped register at both ends
    start_register numeric,
    end_register numeric,
    start_quality text,
    end_quality text,
    avg_kw numeric,
    peak_kw_15m numeric,
    peak_at timestamptz,
    peak_kw_sample numeric,
    min_kw numeric,
    readings integer not null,
    expected integer not null,
    coverage numeric not null check (coverage between 0 and 1),
    events integer not null default 0,
    -- a later reading is known: what changes it now is a restatement
    closed boolean not null,
    revision integer not null default 1,
    computed_at timestamptz not null default now(),
    primary key (endpoint_id, channel, grain, start_ts),
    check (start_ts < end_ts)
    -- An open row changes with every reading, and no index with it.
) with (fillfactor = 70);

-- A month of all endpoints, and retention.
create index rollup_start on rollup (grain, start_ts);
