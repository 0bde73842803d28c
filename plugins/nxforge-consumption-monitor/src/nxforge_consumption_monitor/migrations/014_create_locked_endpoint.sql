-- Whose month a lock of a group holds: those that belonged to it then, wherever they
-- belong later. A lock of all endpoints holds every one.
create table locked_endpoint (
    lock_id bigint not null references period_lock (id) on delete cascade,
    endpoint_id uuid not null references endpoint (id),
    primary key (lock_id, endpoint_id)
);

create index locked_endpoint_of on locked_endpoint (endpoint_id);

insert into locked_endpoint (lock_id, endpoint_id)
select l.id, e.id
from period_lock l
join endpoint e on e.group_id = l.group_id;
