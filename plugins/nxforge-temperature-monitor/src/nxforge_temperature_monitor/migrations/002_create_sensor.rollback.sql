alter table reading drop constraint reading_sensor;
drop table alert;
drop table quarter;
drop table sensor;
