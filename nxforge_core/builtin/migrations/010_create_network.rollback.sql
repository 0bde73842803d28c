drop table network;
drop function tell_networks();
