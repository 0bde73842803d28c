-- What requests showed of how the host is set up; 'nxforge doctor' tells it.
create table sighting (
    what text primary key,
    detail text not null,
    seen_at timestamptz not null
);
