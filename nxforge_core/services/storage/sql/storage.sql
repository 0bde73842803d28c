-- name: find_file
-- What is there of one name, and not expired.
select name, size, sha256, stored_at, expires_at, content
from stored_file
where plugin = $1 and name = $2 and (expires_at is null or expires_at > $3);

-- name: list_files
-- All of them whose names begin so.
select name, size, sha256, stored_at, expires_at
from stored_file
where plugin = $1 and starts_with(name, $2)
    and (expires_at is null or expires_at > $3)
order by name;

-- name: files_usage
-- What counts against the quota: what is expired and still there, too.
select count(*) as files, coalesce(sum(size), 0)::bigint as size
from stored_file where plugin = $1;

-- name: lock_files
-- One plugin's files change one after the other, so that no two exceed the quota.
select pg_advisory_xact_lock(hashtextextended('nxforge files ' || $1, 0));

-- name: other_files
-- What the quota is used for beside one name.
select coalesce(sum(size), 0)::bigint from stored_file
where plugin = $1 and name <> $2;

-- name: replaced_content
-- What has the name now; another file after that.
select content from stored_file where plugin = $1 and name = $2;

-- name: put_file
-- The file of a name, whatever was there before.
insert into stored_file (
    plugin, name, content, size, sha256, stored_at, expires_at
) values ($1, $2, $3, $4, $5, $6, $7)
on conflict (plugin, name) do update
set content = excluded.content,
    size = excluded.size,
    sha256 = excluded.sha256,
    stored_at = excluded.stored_at,
    expires_at = excluded.expires_at;

-- name: delete_file
-- No row where there was none.
delete from stored_file where plugin = $1 and name = $2
returning content, expires_at is null or expires_at > $3 as present;

-- name: expired_files
-- What is over, some at a time.
delete from stored_file
where (plugin, name) in (
    select plugin, name from stored_file where expires_at <= $1
    order by expires_at limit 500
)
returning plugin, content;

-- name: all_contents
-- Every content that a plugin's files have.
select content from stored_file where plugin = $1;
