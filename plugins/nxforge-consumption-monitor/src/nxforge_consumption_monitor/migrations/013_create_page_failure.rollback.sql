-- Pictures and texts of failures are lost.
drop table page_failure;
