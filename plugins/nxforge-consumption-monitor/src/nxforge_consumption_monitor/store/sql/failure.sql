-- name: keep_failure
-- The latest failure in a browser, in place of the one before.
insert into page_failure (
    endpoint_id, failed_at, outcome, error, step, html, screenshot
)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (endpoint_id) do update set
    failed_at = excluded.failed_at, outcome = excluded.outcome, error = excluded.error,
    step = excluded.step, html = excluded.html, screenshot = excluded.screenshot

-- name: failure_of
-- What the latest failure looked like, its picture left out.
select
    failed_at, outcome, error, step, html, octet_length(screenshot) as screenshot_bytes
from page_failure where endpoint_id = $1

-- name: failure_picture
-- The picture of the latest failure.
select screenshot from page_failure where endpoint_id = $1
