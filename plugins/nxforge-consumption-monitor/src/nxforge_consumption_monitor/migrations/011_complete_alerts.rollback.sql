-- Webhooks with what they still had to deliver are lost, and rules and alerts of the
-- kinds and states that the older tables have no place for.
drop table webhook_delivery;
drop table webhook;
drop table watch_mark;
drop index alert_acknowledged;
drop index alert_of_endpoint;

delete from alert where state in ('no_data', 'error') or value is null;
alter table alert
    drop constraint alert_state_check,
    add constraint alert_state_check
        check (state in ('pending', 'firing', 'resolved')),
    alter column value set not null,
    drop column unknown,
    drop column told,
    drop column detail,
    drop column acknowledged_by,
    drop column acknowledged_at,
    drop column acknowledged_until,
    drop column note;

delete from alert_rule where group_id is not null or kind in (
    'current_a', 'feeds_percent', 'imbalance_percent', 'forecast_kwh', 'no_change',
    'zero_hours', 'power_energy_mismatch', 'certificate_days', 'token_days'
);
alter table alert_rule
    drop constraint alert_rule_scope,
    drop column group_id,
    drop constraint alert_rule_kind_check,
    add constraint alert_rule_kind_check check (kind in (
        'offline', 'login_paused', 'page_changed', 'register_event', 'clock_skew',
        'estimated_percent', 'breaker_percent', 'power_kw', 'peak_kw', 'month_kwh'
    ));

alter table endpoint_state drop column certificate_ends_at;
alter table channel_state drop column signs;
