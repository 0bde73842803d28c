-- name: note_sighting
-- The newest of its kind.
insert into sighting (what, detail, seen_at) values ($1, $2, $3)
on conflict (what) do update set detail = excluded.detail, seen_at = excluded.seen_at;
