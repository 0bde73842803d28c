"""Locked months: they keep their rows, and what is wrong with them is booked later."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from nxforge_consumption_monitor.models import RollupRow
from nxforge_consumption_monitor.register import Span, local_day, span_of
from nxforge_consumption_monitor.store import (
    HeldEndpoint,
    book_adjustment,
    booked_adjustments,
    locked_months,
)
from nxforge_core.api import Connection

from ._differences import Difference
from ._result import Adjustment

__all__ = ["Locks"]

_DECEMBER = 12


class Locks:
    """The locked months of an endpoint.

    Args:
        endpoint: Whose zone the months are of.
        months: First days.
        booked: By channel and month, what is booked already.
    """

    def __init__(
        self,
        endpoint: HeldEndpoint,
        months: Iterable[date],
        booked: dict[tuple[str, date], Decimal],
    ) -> None:
        self._endpoint_id = endpoint.id
        self._zone = ZoneInfo(endpoint.tz)
        self._months = frozenset(months)
        self._spans = [span_of("month", month, self._zone) for month in self._months]
        self._booked = booked

    @classmethod
    async def of(cls, connection: Connection, endpoint: HeldEndpoint) -> Locks:
        """Read the locks of an endpoint."""
        months = await locked_months(connection, endpoint.id)
        booked = await booked_adjustments(connection, endpoint.id) if months else {}
        return cls(endpoint, months, booked)

    def covers(self, row: RollupRow) -> bool:
        """Whether a row lies in a locked month, in part at least."""
        return any(_touch(row, span) for span in self._spans)

    def hold(self, instant: datetime) -> bool:
        """Whether an instant lies in a locked month."""
        return any(span.start <= instant < span.end for span in self._spans)

    async def book(
        self, connection: Connection, differences: Iterable[Difference]
    ) -> tuple[Adjustment, ...]:
        """Book for each locked month what it has too little or too much by now."""
        adjustments = []
        for each in differences:
            if each.row.grain != "month" or not each.locked:
                continue
            adjustment = self._adjustment(each)
            if not adjustment.energy_kwh:
                continue
            months = (adjustment.month, adjustment.booked_month)
            await book_adjustment(
                connection,
                self._endpoint_id,
                adjustment.channel,
                months,
                adjustment.energy_kwh,
            )
            adjustments.append(adjustment)
        return tuple(adjustments)

    def _adjustment(self, difference: Difference) -> Adjustment:
        channel = difference.row.channel
        month = local_day(difference.row.start_ts, self._zone)
        booked = self._booked.get((channel, month), Decimal(0))
        after, before = difference.after_kwh, difference.before_kwh
        return Adjustment(
            channel=channel,
            month=month,
            booked_month=self._open_month_after(month),
            energy_kwh=(after or Decimal(0)) - (before or Decimal(0)) - booked,
        )

    def _open_month_after(self, month: date) -> date:
        while month in self._months:
            month = (
                date(month.year + 1, 1, 1)
                if month.month == _DECEMBER
                else date(month.year, month.month + 1, 1)
            )
        return month


def _touch(row: RollupRow, span: Span) -> bool:
    return row.start_ts < span.end and span.start < row.end_ts
