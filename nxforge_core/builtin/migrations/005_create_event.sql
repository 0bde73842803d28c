-- Events on their way between processes.

-- Those too large for a notification, for the minutes until everybody fetched them.
-- What a crash of the server takes is as lost as a notification would be.
create unlogged table event_outbox (
    id uuid primary key,
    name text not null,
    source text not null,
    at timestamptz not null,
    -- Not jsonb: the text stays as it was published.
    data json not null
);
