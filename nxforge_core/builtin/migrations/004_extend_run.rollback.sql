drop trigger end_parent on run;
drop function end_parent();
drop function close_parent(bigint);
drop table job_override;
drop table run_attempt;
delete from run where shard > 0;
update run set trigger = 'manual' where trigger not in ('schedule', 'catch-up');
drop index run_unfinished;
create index run_unfinished on run (state)
    where state in ('queued', 'running', 'waiting');
alter table run
    drop constraint run_slot_key,
    drop constraint run_trigger_check,
    drop column parent,
    drop column shard,
    drop column shards,
    drop column shards_done,
    drop column rerun_of,
    drop column again,
    drop column due_at,
    drop column late,
    drop column cancelled_by,
    drop column memory_growth,
    drop column file_growth,
    drop column thread_growth,
    add constraint run_plugin_job_slot_key unique (plugin, job, slot),
    add constraint run_trigger_check
        check (trigger in ('schedule', 'catch-up', 'manual'));
