-- name: create_history
-- What ran and with which text. Not done: a non-transactional file that was begun.
CREATE TABLE IF NOT EXISTS _nxforge_migration (
    id text PRIMARY KEY,
    sha256 text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    done boolean NOT NULL DEFAULT true
)

-- name: read_history
-- Checksums by id, with whether the file was run to its end.
SELECT id, sha256, done FROM _nxforge_migration

-- name: has_history
-- Whether the plugin's schema has a history yet.
SELECT to_regclass('_nxforge_migration') IS NOT NULL

-- name: record_migration
-- Written in the transaction of the migration itself.
INSERT INTO _nxforge_migration (id, sha256, done)
VALUES (:id, :sha256, :done)
ON CONFLICT (id) DO UPDATE
SET sha256 = excluded.sha256, done = excluded.done, applied_at = clock_timestamp()

-- name: accept_migration
-- A changed text that the operator accepts.
UPDATE _nxforge_migration SET sha256 = :sha256 WHERE id = :id

-- name: forget_migration
-- Written in the transaction of the rollback itself.
DELETE FROM _nxforge_migration WHERE id = :id

-- name: last_migration
-- What a rollback undoes.
SELECT migration_id FROM _yoyo_migration
ORDER BY applied_at_utc DESC, migration_id DESC
LIMIT 1

-- name: insert_yoyo_lock
-- What yoyo's own command respects.
INSERT INTO yoyo_lock (locked, ctime, pid)
VALUES (1, now() AT TIME ZONE 'UTC', :pid)

-- name: take_migration_lock
-- The server frees it when the session ends, however that happens. Tried, not waited
-- for: a waiting statement holds a snapshot, for whose end the CREATE INDEX
-- CONCURRENTLY of the lock's owner waits in turn.
SELECT pg_try_advisory_lock(
    hashtextextended('nxforge:migrate:' || current_schema(), 0)
)
-- name: schema_is_there
-- Whether a rehearsal has to make it.
SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = :schema)
