-- Back to a plain table with every row kept.
drop function prepare_reading_months(timestamptz, integer);
create table reading_plain (like reading including all);
insert into reading_plain select * from reading;
drop table reading;
alter table reading_plain rename to reading;
alter index reading_plain_pkey rename to reading_pkey;
alter index reading_plain_ts_idx rename to reading_ts;
