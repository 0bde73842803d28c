drop table notice_delivery;
drop table notice;
drop table notify_channel;
