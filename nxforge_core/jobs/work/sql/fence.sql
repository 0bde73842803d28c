-- name: grant_fence
-- The statements that let a plugin's login use the fence, and nobody else: a dump
-- without privileges forgets that. PostgreSQL itself quotes the name.
select format(
    'revoke all on function nxforge.fence(bigint, integer) from public;'
    'grant usage on schema nxforge to %1$I;'
    'grant execute on function nxforge.fence(bigint, integer) to %1$I',
    $1::text
);

-- name: hold_run
-- An error where the run was given to another worker.
select nxforge.fence($1, $2);
