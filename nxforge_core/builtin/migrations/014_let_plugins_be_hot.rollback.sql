alter table plugin drop column reload;
alter table plugin drop column edition;
update plugin set enabled = false where enabled is null;
alter table plugin alter column enabled set default false;
alter table plugin alter column enabled set not null;
