-- Endpoints, their rules and their sealed credentials are lost.
drop table extraction_rule;
drop table endpoint;
drop table credential;
