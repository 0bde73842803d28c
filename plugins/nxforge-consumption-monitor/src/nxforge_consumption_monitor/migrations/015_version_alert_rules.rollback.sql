-- Changes of rules name no version any more.
alter table alert_rule drop column updated_at;
