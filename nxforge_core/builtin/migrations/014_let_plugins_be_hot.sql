-- What an admin said last of a plugin, and how often something was said.

-- Null: nothing, the settings decide. Until now false was what nobody had said.
alter table plugin alter column enabled drop not null;
alter table plugin alter column enabled drop default;
update plugin set enabled = null where not enabled;

-- Grows with each word; `reload` is the last one that asked for a new start.
alter table plugin add column edition bigint not null default 0;
alter table plugin add column reload bigint not null default 0;
