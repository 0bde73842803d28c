"""Readings by the million, made inside the server.

The table of a month is filled before it has an index, side by side with those of other
months, and put in its place when it is whole. It is not logged: nothing of it has to
outlive a crash. So 50 million readings take minutes and not hours.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

__all__ = ["fill_readings"]

#: In the order in which rounds would have written them.
_DAY: Final = """
insert into {name} (
    endpoint_id, channel, ts, slot, register_kwh, total_kwh, power_kw, quality
)
select e.id, 'total', t.ts, t.ts, t.kwh, t.kwh, 1.5, 'measured'
from (
    select ts, round(1000 + extract(epoch from ts - $2::timestamptz) / 2400, 3) as kwh
    from generate_series(
        $1::timestamptz, $1 + interval '1 day' - interval '1 minute',
        interval '1 minute'
    ) ts
    offset 0
) t
cross join lateral (select id from endpoint where t.ts is not null offset 0) e
"""
_EMPTY: Final = """
drop table if exists {name};
create unlogged table {name} (like reading including defaults including constraints)
"""
_INDEXED: Final = """
set maintenance_work_mem = '512MB';
alter table {name} add primary key (endpoint_id, channel, ts);
create index on {name} (ts)
"""
_PLACED: Final = """
alter table reading attach partition {name} for values from ('{low}') to ('{high}')
"""


@dataclass(frozen=True)
class _Month:
    """A table, and the days that are filled."""

    low: datetime
    high: datetime
    days: list[datetime]

    def sql(self, text: str) -> str:
        # Of this file, with names and instants that come from nowhere else.
        name = f"reading_{self.low:%Y%m}"
        return text.format(name=name, low=self.low, high=self.high)


async def fill_readings(connect: Any, start: datetime, days: int) -> None:
    """One reading a minute for each endpoint, the register rising by 1.5 kWh an hour.

    Args:
        connect: Opens a connection on the plugin's schema.
        start: A month begins then.
        days: So many are filled.
    """
    months = list(_months(start, days))
    await asyncio.gather(*(_fill(connect, month, start) for month in months))
    db = await connect()
    for month in months:
        await db.execute(month.sql(_PLACED))
    await db.close()


def _months(start: datetime, days: int) -> Iterator[_Month]:
    end = start + timedelta(days=days)
    low = start
    while low < end:
        high = (low + timedelta(days=31)).replace(day=1)
        whole = (min(high, end) - low).days
        yield _Month(low, high, [low + timedelta(days=day) for day in range(whole)])
        low = high


async def _fill(connect: Any, month: _Month, start: datetime) -> None:
    db = await connect()
    await db.execute(month.sql(_EMPTY))
    for day in month.days:
        await db.execute(month.sql(_DAY), day, start)
    await db.execute(month.sql(_INDEXED))
    await db.close()
