-- name: own_role
-- What an own role holds; no row where it is none.
select permissions from own_role where name = $1;

-- name: own_role_names
-- Names of the own roles.
select name from own_role order by name;
