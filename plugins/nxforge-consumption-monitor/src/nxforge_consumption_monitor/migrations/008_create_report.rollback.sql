-- Stored reports are lost; they can be made again from the months that are left.
drop table report;
