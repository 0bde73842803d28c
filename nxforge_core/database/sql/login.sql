-- name: host_login_lock
-- One process at a time gives the embedded server's host its login.
SELECT pg_advisory_xact_lock(hashtextextended('nxforge host login', 0))

-- name: host_login_statements
-- The host's login, made or given its password again: it may make logins for plugins,
-- and nothing else that its own tables do not need. PostgreSQL itself quotes the names.
SELECT unnest(ARRAY[
    format(
        '%s ROLE %I LOGIN CREATEROLE NOSUPERUSER NOCREATEDB NOREPLICATION NOBYPASSRLS '
        'PASSWORD %L',
        CASE
            WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = $1::text) THEN 'ALTER'
            ELSE 'CREATE'
        END,
        $1::text, $2::text
    ),
    format('COMMENT ON ROLE %I IS %L', $1::text, 'NxForge, the host'),
    format('ALTER ROLE %I SET statement_timeout = %L', $1::text, '60s'),
    format('ALTER ROLE %I SET lock_timeout = %L', $1::text, '30s'),
    format(
        'ALTER ROLE %I SET idle_in_transaction_session_timeout = %L', $1::text, '60s'
    ),
    format('ALTER DATABASE %I OWNER TO %I', current_database(), $1::text)
]) AS sql

-- name: hand_over_statements
-- What the server's own login owns in this database, from before the host had a login:
-- schemas, and the logins of plugins, which the host may then give passwords to.
SELECT format('ALTER SCHEMA %I OWNER TO %I', n.nspname, $1::text) AS sql
FROM pg_namespace AS n
WHERE (n.nspname IN ('nxforge', 'nxq') OR n.nspname LIKE 'nxp\_%')
    AND n.nspowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)
UNION ALL
SELECT format(
    'GRANT %I TO %I WITH ADMIN TRUE, INHERIT TRUE, SET TRUE', r.rolname, $1::text
)
FROM pg_roles AS r
JOIN pg_shdescription AS d ON d.objoid = r.oid AND d.classoid = 'pg_authid'::regclass
WHERE d.description LIKE 'NxForge, database %' AND r.rolcanlogin

-- name: handed_schemas
-- Schemas whose contents go with them.
SELECT n.nspname AS schema
FROM pg_namespace AS n
WHERE n.nspname IN ('nxforge', 'nxq') OR n.nspname LIKE 'nxp\_%'
ORDER BY 1

-- name: hand_on_statements
-- What others own in a schema goes to whom the schema belongs. Of one login only where
-- $2 names it: a table may be another's on purpose.
SELECT format(
    'ALTER %s %I.%s OWNER TO %I',
    found.kind, n.nspname, found.name, owner.rolname
) AS sql
FROM pg_namespace AS n
JOIN pg_roles AS owner ON owner.oid = n.nspowner
CROSS JOIN LATERAL (
    SELECT 'TABLE' AS kind, quote_ident(c.relname) AS name, c.relowner AS owner
    FROM pg_class AS c
    WHERE c.relnamespace = n.oid
        AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
        -- A sequence of a column follows its table.
        AND NOT EXISTS (
            SELECT FROM pg_depend AS d
            WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                AND c.relkind = 'S' AND d.deptype IN ('a', 'i')
        )
    UNION ALL
    SELECT
        'ROUTINE',
        format('%I(%s)', p.proname, pg_get_function_identity_arguments(p.oid)),
        p.proowner
    FROM pg_proc AS p
    WHERE p.pronamespace = n.oid
    UNION ALL
    SELECT 'TYPE', quote_ident(t.typname), t.typowner
    FROM pg_type AS t
    WHERE t.typnamespace = n.oid
        AND (
            t.typtype IN ('e', 'd', 'r')
            -- Its range takes it along from PostgreSQL 17 on, and must do so there.
            OR t.typtype = 'm'
            AND current_setting('server_version_num')::integer < 170000
            OR t.typtype = 'c' AND EXISTS (
                SELECT FROM pg_class AS c WHERE c.oid = t.typrelid AND c.relkind = 'c'
            )
        )
) AS found
WHERE n.nspname = $1 AND found.owner <> n.nspowner
    AND (
        $2::text IS NULL
        OR found.owner = (SELECT oid FROM pg_roles WHERE rolname = $2::text)
    )
