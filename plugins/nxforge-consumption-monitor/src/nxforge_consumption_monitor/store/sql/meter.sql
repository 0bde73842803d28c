-- name: close_meters
-- The multiplier $3 held up to $2: what was read before is not multiplied by another.
-- The meter itself stays where it is.
with closed as (
    update meter
    set removed_at = $2, multiplier = coalesce(multiplier, $3)
    where endpoint_id = $1 and removed_at is null
    returning *
)
insert into meter (endpoint_id, channel, serial, installed_at, modulus_kwh)
select endpoint_id, channel, serial, $2, modulus_kwh from closed

-- name: keep_multiplier
-- The same for channels without a known meter; $1 endpoint, $2 until, $3 multiplier.
insert into meter (endpoint_id, channel, serial, installed_at, removed_at, multiplier)
select s.endpoint_id, s.channel, '', m.removed_at, $2, $3
from channel_state s
left join lateral (
    select max(m.removed_at) as removed_at from meter m
    where m.endpoint_id = s.endpoint_id and m.channel = s.channel
) m on true
where s.endpoint_id = $1 and s.register_state is not null
  and (m.removed_at is null or m.removed_at < $2)
  and not exists (
      select from meter p
      where p.endpoint_id = s.endpoint_id and p.channel = s.channel
        and p.removed_at is null
  )

-- name: list_meters
-- The meters of an endpoint in order of time.
select
    id, channel, serial, installed_at, removed_at, initial_kwh, final_kwh, multiplier,
    modulus_kwh
from meter where endpoint_id = $1
order by channel, installed_at nulls first, id
