-- What an admin agreed to that a plugin may do, and what it added to the host when it
-- ran last: what another version is compared with.
alter table plugin add column agreed jsonb;
alter table plugin add column surface jsonb;
