drop trigger announce_run on run;
drop function announce_run();
drop function publish_event(text, json);
drop function store_event(uuid, text, text, timestamptz, json);
drop table event_delivery;
drop table event_subscriber;
