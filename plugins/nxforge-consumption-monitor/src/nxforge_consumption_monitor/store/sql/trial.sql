-- name: recent_texts
-- What the register $2 of the endpoint $1 printed last, newest first.
select raw_text
from reading
where endpoint_id = $1 and channel = $2 and raw_text <> ''
order by ts desc
limit $3
