-- How often admins asked for a restart of every process: one row.
create table restart (
    single boolean primary key default true check (single),
    asked bigint not null default 0
);
insert into restart default values;
