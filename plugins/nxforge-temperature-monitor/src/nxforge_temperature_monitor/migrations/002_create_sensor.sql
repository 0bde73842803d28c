-- What is read over HTTP and what is compared; a sensor that only sends has no address.
create table sensor (
    name text primary key check (length(name) between 1 and 100),
    url text,
    kind text not null default 'json' check (kind in ('json', 'html')),
    place text not null default '',
    unit text not null default 'C' check (unit in ('C', 'F', 'K')),
    interval_s integer not null default 60 check (interval_s between 10 and 86400),
    enabled boolean not null default true,
    low numeric(6, 3),
    high numeric(6, 3),
    hysteresis numeric(6, 3) not null default 0.5 check (hysteresis >= 0),
    state text not null default 'normal' check (state in ('normal', 'low', 'high')),
    next_at timestamptz not null default now(),
    read_at timestamptz,
    failures integer not null default 0,
    error text,
    check (low is null or high is null or low + hysteresis < high)
);
create index sensor_due on sensor (next_at) where enabled and url is not null;

-- All days and hours of any zone begin with a quarter of an hour in UTC.
create table quarter (
    sensor text not null references sensor on delete cascade,
    start timestamptz not null,
    low numeric(6, 3) not null,
    high numeric(6, 3) not null,
    total numeric not null,
    count bigint not null check (count > 0),
    primary key (sensor, start)
);

create table alert (
    id bigint generated always as identity primary key,
    sensor text not null references sensor on delete cascade,
    kind text not null check (kind in ('low', 'high')),
    threshold numeric(6, 3) not null,
    worst numeric(6, 3) not null,
    began_at timestamptz not null,
    ended_at timestamptz
);
create unique index alert_open on alert (sensor) where ended_at is null;
create index alert_began on alert (began_at desc);

insert into sensor (name) select distinct sensor from reading;
insert into quarter (sensor, start, low, high, total, count)
select sensor, date_bin('15 minutes', ts, timestamptz '2000-01-01 00:00:00+00'),
    min(celsius), max(celsius), sum(celsius), count(*)
from reading group by 1, 2;
alter table reading
add constraint reading_sensor foreign key (sensor) references sensor on delete cascade;
