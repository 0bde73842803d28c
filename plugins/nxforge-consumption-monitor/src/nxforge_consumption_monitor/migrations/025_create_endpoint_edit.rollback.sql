-- Who changed endpoints is lost; the endpoints stay as they are.
drop table endpoint_edit;
