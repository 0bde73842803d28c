drop table restart;
