drop table login_link;
drop table token;
