-- name: setup_ended
-- How and when the set-up was over; no row while it is not.
select how, ended_by, ended_at from setup;

-- name: end_setup
-- The first word counts.
insert into setup (how, ended_by, ended_at) values ($1, $2, $3)
on conflict (single) do nothing;

-- name: reopen_setup
-- The checklist is shown again.
delete from setup;
