drop trigger tell_access on token;
delete from login_link where kind <> 'login';
alter table login_link
    drop constraint login_link_whom_check,
    drop column kind,
    drop column person,
    alter column name set not null,
    alter column role set not null;
delete from token where owner is not null;
drop index token_active_name;
alter table token
    drop column owner,
    drop column permissions,
    drop column plugins,
    alter column role set not null,
    add column kind text not null default 'api' check (kind in ('api', 'session'));
alter table token
    alter column kind drop default,
    add constraint token_check1 check (kind = 'api' or expires_at is not null);
create unique index token_active_name on token (name)
where kind = 'api' and revoked_at is null;
drop table login_trouble;
drop table device;
drop table session;
drop table person;
drop table own_role;
drop function tell_access();
