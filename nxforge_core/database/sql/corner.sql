-- name: owns_schema
-- Whether the login is the plugin's own and its schema is ready.
SELECT EXISTS (
    SELECT FROM pg_namespace AS n
    WHERE n.nspname = $1 AND n.nspowner = (
        SELECT r.oid FROM pg_roles AS r WHERE r.rolname = current_user
    )
)

-- name: corner_lock
-- One process at a time prepares a plugin's corner.
SELECT pg_advisory_xact_lock(hashtextextended('nxforge:corner:' || $1, 0))

-- name: corner_facts
-- What is there, and what the host's login may do about it.
SELECT
    current_database() AS database,
    me.rolsuper OR me.rolcreaterole AS can_create_roles,
    has_database_privilege(current_database(), 'CREATE') AS can_create_schemas,
    EXISTS (SELECT FROM pg_namespace WHERE nspname = $1) AS schema_exists,
    has_schema_privilege('public', 'public', 'CREATE') AS public_is_open,
    pg_has_role(
        (SELECT nspowner FROM pg_namespace WHERE nspname = 'public'), 'USAGE'
    ) AS may_close_public
FROM pg_roles AS me
WHERE me.rolname = current_user

-- name: role_claims
-- Of the given role names those that exist, and whether they are ours to use:
-- marked by NxForge for this database, or for one that is gone.
SELECT
    r.rolname AS role,
    coalesce(
        d.description LIKE 'NxForge, database %' AND NOT EXISTS (
            SELECT FROM pg_database AS other
            WHERE other.datname = substr(d.description, 19)
                AND other.datname <> current_database()
        ),
        false
    ) AS ours
FROM pg_roles AS r
LEFT JOIN pg_shdescription AS d
    ON d.objoid = r.oid AND d.classoid = 'pg_authid'::regclass
WHERE r.rolname = ANY ($1::text[])

-- name: corner_statements
-- The statements that make a corner; PostgreSQL itself quotes the names. Only a
-- superuser may name the attributes of a role that is there already.
SELECT unnest(ARRAY[
    format(
        CASE
            WHEN $3::boolean THEN 'ALTER ROLE %I LOGIN PASSWORD %L'
            ELSE 'CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD %L'
        END,
        $1::text, $4::text
    ),
    format(
        'COMMENT ON ROLE %I IS %L', $1::text, 'NxForge, database ' || current_database()
    ),
    format('GRANT %I TO %I', $1::text, current_user),
    format('ALTER ROLE %I SET search_path = %I', $1::text, $2::text),
    format('ALTER ROLE %I SET statement_timeout = %L', $1::text, '60s'),
    format('ALTER ROLE %I SET lock_timeout = %L', $1::text, '30s'),
    format(
        'ALTER ROLE %I SET idle_in_transaction_session_timeout = %L', $1::text, '60s'
    ),
    format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), $1::text),
    format('CREATE SCHEMA IF NOT EXISTS %I AUTHORIZATION %I', $2::text, $1::text),
    format('ALTER SCHEMA %I OWNER TO %I', $2::text, $1::text),
    format('REVOKE ALL ON SCHEMA %I FROM PUBLIC', $2::text)
]) AS sql

-- name: login_lock
-- One host at a time makes the first login of a plugin in this database.
SELECT pg_advisory_lock(hashtextextended('nxforge login ' || $1, 0))
