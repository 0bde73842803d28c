alter table plugin drop column hold_phase;
alter table plugin drop column hold_why;
alter table plugin drop column hold_version;
