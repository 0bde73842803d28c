-- Networks that outgoing requests may go to, beside those of the setting network.allow.
create table network (
    id bigint generated always as identity primary key,
    -- In its one usual spelling, so that nothing is here twice.
    entry text not null unique,
    note text not null,
    created_by text not null,
    created_at timestamptz not null
);

-- Every process asks for the list again.
create function tell_networks() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
    perform pg_notify('nxforge_networks', '');
    return null;
end $$;

create trigger tell_networks after insert or update or delete or truncate on network
    for each statement execute function tell_networks();
