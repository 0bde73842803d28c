-- A lock of a group holds those that belong to it now.
drop table locked_endpoint;
