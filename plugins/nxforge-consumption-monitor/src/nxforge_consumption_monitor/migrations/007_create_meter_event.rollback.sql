-- Meters, events, locks, adjustments and prices are lost.
alter table endpoint drop column tariff_id;
alter table endpoint_group drop column tariff_id;
drop table tariff_price;
drop table tariff;
drop table adjustment;
drop table period_lock;
alter table reading drop column meter_id;
drop table meter_event;
drop table meter;
