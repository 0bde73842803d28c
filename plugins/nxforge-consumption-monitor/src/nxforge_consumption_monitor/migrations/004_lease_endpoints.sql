-- Rounds overlap, and no two of them poll one endpoint or one device at a time: a round
-- leases what it polls. A lease ends with the write of the reading; that of a worker
-- that died expires.
alter table endpoint
    -- host and port: who shares it is polled one after the other
    add column host text not null generated always as (
        lower(coalesce(substring(url from '^[^:/]+://([^/?#]+)'), url))
    ) stored;

alter table channel_state
    -- slot of the run that holds the lease
    add column leased_by timestamptz,
    -- the due instant that it was leased for
    add column leased_slot timestamptz,
    add column leased_until timestamptz,
    -- Each poll updates its row twice and no index: there is room for that in the page.
    set (fillfactor = 50);
