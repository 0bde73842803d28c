-- All readings and attempts are lost.
drop table scrape_attempt;
drop table reading;
drop table channel_state;
