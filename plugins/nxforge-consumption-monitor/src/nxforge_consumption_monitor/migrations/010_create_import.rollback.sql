-- Lists of imports, what was superseded, notes, and who unlocked are lost; readings stay.
drop table lock_entry;
alter table period_lock
    drop column forced,
    drop column note;
alter table extraction_rule
    drop column note,
    drop column created_by;
drop table superseded_reading;
alter table reading
    drop column entered_by,
    drop column note,
    drop column import_id;
drop table import_file;
