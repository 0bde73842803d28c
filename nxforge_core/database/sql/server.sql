-- name: server_info
-- What the server is, in one row.
SELECT
    current_setting('server_version_num')::integer AS version,
    current_setting('server_version') AS version_text,
    EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb') AS timescaledb,
    (SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user)
        AS can_create_roles
