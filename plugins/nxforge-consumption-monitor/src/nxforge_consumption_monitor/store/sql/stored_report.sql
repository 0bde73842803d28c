-- name: latest_report
-- The latest version of the month $2 of the group $1, or of all endpoints.
select version, is_open, sha256 from report
where group_id is not distinct from $1::uuid and month = $2
order by version desc limit 1

-- name: insert_report
-- The next version of a month, unless the latest one says the same.
insert into report (
    group_id, month, version, is_open, sha256, document, generated_at
)
select $1::uuid, $2, coalesce(max(r.version), 0) + 1, $3, $4, $5, $6
from report r
where r.group_id is not distinct from $1::uuid and r.month = $2
having (array_agg(r.sha256 order by r.version desc))[1] is distinct from $4
returning version

-- name: stored_reports
-- The newest reports, without their documents; $1 null or one group, $2 null or one
-- month, $3 at the most.
select
    r.id, r.group_id::text as group_id, coalesce(g.name, '') as group_name, r.month,
    r.version, r.is_open, r.sha256, r.generated_at
from report r
left join endpoint_group g on g.id = r.group_id
where ($1::uuid is null or r.group_id = $1) and ($2::date is null or r.month = $2)
order by r.id desc limit $3

-- name: stored_report
-- One report.
select
    r.id, r.group_id::text as group_id, coalesce(g.name, '') as group_name, r.month,
    r.version, r.is_open, r.sha256, r.generated_at, r.document
from report r
left join endpoint_group g on g.id = r.group_id
where r.id = $1
