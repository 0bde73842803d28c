-- A change of a rule can name the version that it is for.
alter table alert_rule add column updated_at timestamptz not null default now();
