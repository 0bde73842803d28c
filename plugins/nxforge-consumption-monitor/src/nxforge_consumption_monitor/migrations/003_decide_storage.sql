-- Decides once how readings are stored, while the table is still plain and empty:
-- a hypertable where the extension is installed, else partitions by month.
-- pg_available_extensions is not enough: this role cannot create an extension.
do $$
declare
    extension_schema text;
begin
    if exists (select from reading) then
        raise exception 'reading already holds rows: its storage is decided';
    end if;
    select n.nspname into extension_schema
    from pg_catalog.pg_extension x
    join pg_catalog.pg_namespace n on n.oid = x.extnamespace
    where x.extname = 'timescaledb';
    if extension_schema is not null then
        execute format(
            'select %I.create_hypertable(%L::regclass, %L::name,'
            ' create_default_indexes => false)',
            extension_schema, 'reading', 'ts'
        );
        return;
    end if;
    create table reading_by_month (like reading including all)
        partition by range (ts);
    drop table reading;
    alter table reading_by_month rename to reading;
    alter index reading_by_month_pkey rename to reading_pkey;
    alter index reading_by_month_ts_idx rename to reading_ts;
    -- Whatever month a row belongs to, it is never refused.
    create table reading_default partition of reading default;
end
$$;

-- Makes the partitions of the month of `start` and of `months` further ones; rows
-- that the default partition holds of such a month move into it. Answers how many
-- partitions were made; 0 at once where the table is not partitioned by us.
create function prepare_reading_months(start timestamptz, months integer)
returns integer
language plpgsql
as $$
declare
    first_day timestamp := date_trunc('month', start at time zone 'UTC');
    low timestamptz;
    high timestamptz;
    part text;
    made integer := 0;
begin
    if (select relkind from pg_catalog.pg_class where oid = 'reading'::regclass)
        <> 'p' then
        return 0;
    end if;
    perform pg_advisory_xact_lock('reading'::regclass::oid::bigint);
    for i in 0 .. months loop
        low := (first_day + make_interval(months => i)) at time zone 'UTC';
        high := (first_day + make_interval(months => i + 1)) at time zone 'UTC';
        part := 'reading_' || to_char(first_day + make_interval(months => i), 'YYYYMM');
        continue when to_regclass(quote_ident(part)) is not null;
        lock table reading_default in access exclusive mode;
        execute format('create table %I (like reading including all)', part);
        execute format(
            'with moved as (delete from reading_default where ts >= %L and ts < %L'
            ' returning *) insert into %I select * from moved',
            low, high, part
        );
        execute format(
            'alter table reading attach partition %I for values from (%L) to (%L)',
            part, low, high
        );
        made := made + 1;
    end loop;
    return made;
end
$$;

select prepare_reading_months(now(), 3);
