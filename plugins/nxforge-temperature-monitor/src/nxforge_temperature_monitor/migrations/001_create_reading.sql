-- One row for each temperature a sensor reported.
create table reading (
    sensor text not null check (sensor <> ''),
    ts timestamptz not null,
    celsius numeric(6, 3) not null check (celsius >= -273.15),
    primary key (sensor, ts)
);
