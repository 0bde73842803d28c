drop table stored_file;
