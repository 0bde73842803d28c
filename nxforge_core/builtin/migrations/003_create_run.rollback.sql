drop function fence(bigint, integer);
drop table queue_schema;
drop table schedule;
drop table run_idle;
drop table run_log;
drop table run;
