-- name: make_core_schema
-- Asked for first: `if not exists` needs the right to create even where it does not;
-- and two hosts that start together may both find it missing.
do $$
begin
    if to_regnamespace('nxforge') is null then
        create schema nxforge;
    end if;
exception
    when duplicate_schema or unique_violation then null;
end
$$;

-- name: instance_id
-- What tells this installation from others on the same server.
select id::text from instance;
