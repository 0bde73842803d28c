-- Which groups endpoints have left is lost: old months are of the present members.
drop function members_of(uuid, date, timestamptz);
drop table former_member;
alter table endpoint drop column grouped_at;
-- Polls that failed are counted anew.
drop table scrape_error;
