-- name: reader_lock
-- One process at a time changes who may read what.
SELECT pg_advisory_xact_lock(hashtextextended('nxforge readers', 0))

-- name: make_reader_statements
-- A login that can only read, and the group through which it may. PostgreSQL itself
-- quotes the names.
SELECT statement AS sql
FROM unnest(ARRAY[
    CASE
        WHEN NOT EXISTS (SELECT FROM pg_roles WHERE rolname = $1::text)
        THEN format('CREATE ROLE %I NOLOGIN', $1::text)
    END,
    format(
        'COMMENT ON ROLE %I IS %L', $1::text, 'NxForge, database ' || current_database()
    ),
    format(
        CASE
            WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = $2::text)
            THEN 'ALTER ROLE %I LOGIN PASSWORD %L'
            ELSE 'CREATE ROLE %I LOGIN CONNECTION LIMIT 10 PASSWORD %L'
        END,
        $2::text, $3::text
    ),
    format(
        'COMMENT ON ROLE %I IS %L', $2::text, 'NxForge, database ' || current_database()
    ),
    format('GRANT %I TO %I', $1::text, $2::text),
    format('ALTER ROLE %I SET default_transaction_read_only = on', $2::text),
    format('ALTER ROLE %I SET statement_timeout = %L', $2::text, '60s'),
    format('ALTER ROLE %I SET lock_timeout = %L', $2::text, '5s'),
    format(
        'ALTER ROLE %I SET idle_in_transaction_session_timeout = %L', $2::text, '60s'
    )
]) AS each (statement)
WHERE statement IS NOT NULL

-- name: open_reading_statements
-- What is missing for the group to read these tables and views of a schema, and no
-- others; nothing where there is no reader.
SELECT format('GRANT USAGE ON SCHEMA %I TO %I', n.nspname, g.rolname) AS sql
FROM pg_roles AS g, pg_namespace AS n
WHERE g.rolname = $1 AND n.nspname = $2
    AND NOT has_schema_privilege(g.oid, n.oid, 'USAGE')
UNION ALL
SELECT format(
    CASE
        WHEN c.relname = ANY ($3::text[]) THEN 'GRANT SELECT ON %I.%I TO %I'
        ELSE 'REVOKE ALL ON %I.%I FROM %I'
    END,
    n.nspname, c.relname, g.rolname
)
FROM pg_roles AS g, pg_namespace AS n, pg_class AS c
WHERE g.rolname = $1 AND n.nspname = $2 AND c.relnamespace = n.oid
    AND c.relkind IN ('r', 'p', 'v', 'm')
    AND has_table_privilege(g.oid, c.oid, 'SELECT') <> (c.relname = ANY ($3::text[]))

-- name: drop_reader
-- The statement that ends a login.
SELECT format('DROP ROLE %I', $1::text)
