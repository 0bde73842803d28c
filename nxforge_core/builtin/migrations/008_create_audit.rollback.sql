drop function add_audit(text, text, text, text, jsonb, jsonb, text, text);
drop function audit_piece(text);
drop table audit;
drop function refuse_audit_change();
