-- What reports may know of an endpoint: no address, no header, no body of a request.
create view endpoint_overview as
select
    id, name, kind, type, vendor, location, client_name, external_ref, group_id, tz,
    enabled, certified, created_at, archived_at
from endpoint;
