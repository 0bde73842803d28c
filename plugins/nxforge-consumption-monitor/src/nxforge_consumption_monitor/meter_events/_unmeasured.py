"""Energy that nothing measured: offered as an estimate, never added by itself."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Final

from nxforge_consumption_monitor.register import trailing_mean_kw
from nxforge_consumption_monitor.store import HeldEndpoint
from nxforge_consumption_monitor.store.books import (
    Around,
    StoredEvent,
    readings_around,
    trailing_points,
)
from nxforge_core.api import Connection

from ._views import Unmeasured

__all__ = ["unmeasured_of"]

_WEEK: Final = timedelta(days=7)
_HOUR: Final = Decimal(3_600_000_000)
_MICROSECOND: Final = timedelta(microseconds=1)
_SIX_PLACES: Final = Decimal("0.000001")


async def unmeasured_of(
    connection: Connection, endpoint: HeldEndpoint, event: StoredEvent
) -> Unmeasured | None:
    """The time around a break of which one end is not known; None without one."""
    is_whole = event.old_kwh is not None and event.new_kwh is not None
    if is_whole or event.state == "dismissed":
        return None
    around = await readings_around(connection, endpoint.id, event.channel, event.ts)
    if around.before_ts is None:
        return None
    points = await trailing_points(
        connection,
        endpoint.id,
        event.channel,
        around.before_ts - _WEEK,
        around.before_ts,
    )
    mean = trailing_mean_kw(points)
    offered = _offered(around, mean)
    return Unmeasured(
        start=around.before_ts,
        end=around.after_ts,
        trailing_kw=None if mean is None else mean.quantize(_SIX_PLACES),
        offered_kwh=offered,
        old_kwh=_register(around, offered, endpoint.multiplier),
    )


def _offered(around: Around, mean_kw: Decimal | None) -> Decimal | None:
    if mean_kw is None or around.before_ts is None or around.after_ts is None:
        return None
    elapsed = Decimal((around.after_ts - around.before_ts) // _MICROSECOND)
    return (mean_kw * elapsed / _HOUR).quantize(_SIX_PLACES)


def _register(
    around: Around, offered: Decimal | None, multiplier: Decimal
) -> Decimal | None:
    if offered is None or around.before_register is None:
        return None
    return (around.before_register + offered / multiplier).quantize(_SIX_PLACES)
