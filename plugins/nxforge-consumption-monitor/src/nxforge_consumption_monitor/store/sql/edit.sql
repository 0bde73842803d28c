-- name: insert_endpoint_edit
-- What somebody changed of an endpoint.
insert into endpoint_edit (endpoint_id, done_by, done_at, changes)
values ($1, $2, $3, $4::text::jsonb)

-- name: list_endpoint_edits
-- What was changed of the endpoint $1, the newest first, $2 at the most.
select id, done_by, done_at, changes::text as changes
from endpoint_edit where endpoint_id = $1 order by id desc limit $2
