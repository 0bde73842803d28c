alter table plugin drop column surface;
alter table plugin drop column agreed;
