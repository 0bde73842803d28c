-- Why a plugin is not imported any more: what it did to a process, until an admin says
-- that it shall be tried again, or another version of it is installed.
alter table plugin add column hold_phase text;
alter table plugin add column hold_why text;
alter table plugin add column hold_version text;
