drop table instance;
drop table plugin;
