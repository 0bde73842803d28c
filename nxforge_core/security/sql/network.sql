-- name: list_networks
-- All of them, in the order they came.
select id, entry, note, created_by, created_at from network order by id;

-- name: add_network
-- No row where it is there already.
insert into network (entry, note, created_by, created_at) values ($1, $2, $3, $4)
on conflict (entry) do nothing
returning id, entry, note, created_by, created_at;

-- name: remove_network
-- No row where it is gone already.
delete from network where id = $1 returning entry, note;
