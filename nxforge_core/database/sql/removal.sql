-- name: corner_sessions
-- Sessions of a plugin: of its own login, or under its name with the host's.
SELECT pid
FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND (usename = ANY ($1::text[]) OR application_name = $2)
-- name: end_sessions
-- What did not end by itself.
SELECT pg_terminate_backend(pid)
FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND (usename = ANY ($1::text[]) OR application_name = $2)
-- name: corner_size
-- Bytes of all relations in a schema, with their indexes.
SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'm')
-- name: corner_tables
-- Tables of a schema that hold rows, in the order of their names, with the statement
-- that counts those. PostgreSQL itself quotes the names.
SELECT
    c.relname AS name,
    format('SELECT count(*) FROM %I.%I', n.nspname, c.relname) AS count
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND NOT c.relispartition
ORDER BY c.relname
-- name: corner_exists
-- Whether there is anything of a plugin's own.
SELECT to_regnamespace(quote_ident($1)) IS NOT NULL
-- name: drop_corner_statements
-- The statements that end a corner: what is in the schema, what its logins own or may
-- elsewhere in this database, the logins. PostgreSQL itself quotes the names.
SELECT format('DROP SCHEMA %I CASCADE', n.nspname) AS sql
FROM pg_namespace AS n
WHERE n.nspname = $1
UNION ALL
SELECT format(each.words, r.rolname)
FROM pg_roles AS r
JOIN pg_shdescription AS d ON d.objoid = r.oid AND d.classoid = 'pg_authid'::regclass
CROSS JOIN unnest(
    ARRAY['DROP OWNED BY %I CASCADE', 'DROP ROLE %I']
) WITH ORDINALITY AS each (words, place)
WHERE r.rolname = ANY ($2::text[])
    AND d.description = 'NxForge, database ' || current_database()
-- name: corner_residue
-- What is left of a corner in the catalogues.
SELECT 'schema ' || nspname AS what FROM pg_namespace WHERE nspname = $1
UNION ALL
SELECT 'role ' || r.rolname
FROM pg_roles AS r
JOIN pg_shdescription AS d ON d.objoid = r.oid AND d.classoid = 'pg_authid'::regclass
WHERE r.rolname = ANY ($2::text[])
    AND d.description = 'NxForge, database ' || current_database()
UNION ALL
SELECT 'privilege on function ' || p.oid::regprocedure
FROM pg_proc AS p, aclexplode(p.proacl) AS a
LEFT JOIN pg_roles AS r ON r.oid = a.grantee
WHERE a.grantee <> 0 AND (r.oid IS NULL OR r.rolname = ANY ($2::text[]))
UNION ALL
SELECT 'privilege on relation ' || c.oid::regclass
FROM pg_class AS c, aclexplode(c.relacl) AS a
LEFT JOIN pg_roles AS r ON r.oid = a.grantee
WHERE a.grantee <> 0 AND (r.oid IS NULL OR r.rolname = ANY ($2::text[]))
UNION ALL
SELECT 'session ' || pid
FROM pg_stat_activity
WHERE datname = current_database() AND usename = ANY ($2::text[])
