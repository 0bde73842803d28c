-- Who took readings out and why is lost; what was taken out stays out.
drop table reading_mark;
