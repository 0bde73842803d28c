-- Rules and the history of alerts are lost.
drop table alert;
drop table alert_rule;
