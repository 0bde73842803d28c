alter table channel_state
    drop column leased_by,
    drop column leased_slot,
    drop column leased_until,
    reset (fillfactor);
alter table endpoint drop column host;
