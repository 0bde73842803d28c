-- When the set-up of the installation was over, and how: a row is there once it is.
create table setup (
    single boolean primary key default true check (single),
    how text not null check (how in ('done', 'dismissed')),
    ended_by text,
    ended_at timestamptz not null
);

-- Whoever has people has done without a checklist so far.
insert into setup (how, ended_at)
select 'done', now() where exists (select from person);
