drop table home_layout;
