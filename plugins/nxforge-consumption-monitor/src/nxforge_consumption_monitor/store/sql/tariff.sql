-- name: list_tariffs
-- Tariffs by name; $1 null or one id. `assigned` counts endpoints and groups.
select
    t.id::text as id, t.name, t.currency, t.created_at, t.updated_at,
    (select count(*) from endpoint e where e.tariff_id = t.id)
    + (select count(*) from endpoint_group g where g.tariff_id = t.id) as assigned
from tariff t
where $1::uuid is null or t.id = $1
order by t.name, t.id

-- name: list_prices
-- Prices of all tariffs or of $1, each tariff's in order of time.
select
    tariff_id::text as tariff_id, valid_from, valid_to, rate, windows, blocks,
    fixed_monthly, demand, contracted_kw, pue, tax_percent
from tariff_price
where $1::uuid is null or tariff_id = $1
order by tariff_id, valid_from

-- name: hold_tariffs
-- Writers of tariffs one at a time; bills are not held up.
lock table tariff in share row exclusive mode

-- name: tariff_name_taken
-- Whether another tariff bears the name.
select exists (select from tariff where name = $1 and id <> $2::uuid)

-- name: write_tariff
-- A new tariff, or what a known one is called now.
insert into tariff (id, name, currency) values ($1, $2, $3)
on conflict (id) do update set
    name = excluded.name, currency = excluded.currency, updated_at = now()

-- name: delete_prices
-- All prices of a tariff, which are written again.
delete from tariff_price where tariff_id = $1

-- name: insert_price
-- A price of a tariff.
insert into tariff_price (
    tariff_id, valid_from, valid_to, rate, windows, blocks, fixed_monthly, demand,
    contracted_kw, pue, tax_percent
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)

-- name: delete_tariff
-- A tariff with its prices.
delete from tariff where id = $1

-- name: months_locked_anywhere
-- Locked months, in the zones of those whose months they are.
select distinct l.month, e.tz
from period_lock l
join endpoint e on l.group_id is null or exists (
    select from locked_endpoint k where k.lock_id = l.id and k.endpoint_id = e.id
)
order by l.month, e.tz

-- name: billed_group
-- A group with its tariff.
select g.id::text as id, g.name, g.tz, g.tariff_id::text as tariff_id
from endpoint_group g where g.id = $1

-- name: billed_endpoints
-- The endpoint $1, or those who belonged to the group $2 at $5, the end of the month $4,
-- and were there after $3, with the tariff of their own and that of the group.
select
    e.id::text as id, e.name, e.tz, e.interval_s, e.gap_after_s,
    e.group_id::text as group_id, e.tariff_id::text as own_tariff_id,
    g.tariff_id::text as group_tariff_id
from endpoint e
left join endpoint_group g on g.id = coalesce($2::uuid, (
    select f.group_id from former_member f
    where f.endpoint_id = e.id and (f.since is null or f.since < $5) and f.until >= $5
), e.group_id)
where ($1::uuid is null or e.id = $1)
  and ($2::uuid is null or e.id in (select members_of($2, $4::date, $5)))
  and ($1::uuid is not null or e.archived_at is null or e.archived_at > $3)
order by e.name, e.id

-- name: billed_rollups
-- What is kept of the main channels of endpoints from $2 to $3, in order of time.
select
    endpoint_id::text as endpoint_id, grain, start_ts, end_ts, start_register,
    end_register, coalesce(estimated_kwh, 0) as estimated_kwh, peak_kw_15m, peak_at,
    coverage, closed
from rollup
where endpoint_id = any($1::uuid[]) and channel = 'total'
  and start_ts < $3 and end_ts > $2
order by start_ts, endpoint_id

-- name: booked_corrections
-- What is booked in the month $2 for locked months of the endpoints $1.
select month, sum(energy_kwh) as energy_kwh
from adjustment
where endpoint_id = any($1::uuid[]) and channel = 'total' and booked_month = $2
group by month having sum(energy_kwh) <> 0
order by month
