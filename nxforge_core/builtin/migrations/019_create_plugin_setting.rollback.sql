drop table plugin_setting;
drop function tell_plugin_settings();
