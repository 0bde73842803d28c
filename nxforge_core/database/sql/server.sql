-- name: server_info
-- What the server is, in one row.
SELECT
    current_setting('server_version_num')::integer AS version,
    current_setting('server_version') AS version_text,
    pg_backend_pid() AS backend,
    EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb') AS timescaledb,
    (SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user)
        AS can_create_roles

-- name: backend
-- The server's process behind this connection.
SELECT pg_backend_pid() AS pid

-- name: is_installed
-- Whether there is anything of NxForge in this database.
SELECT EXISTS (
    SELECT FROM pg_namespace
    WHERE nspname IN ('nxforge', 'nxq') OR nspname LIKE 'nxp\_%'
)
