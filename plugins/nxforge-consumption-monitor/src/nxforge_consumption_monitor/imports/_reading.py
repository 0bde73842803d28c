"""One pass over a file: rows to offers, offers to readings, and the counts."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from nxforge_consumption_monitor.store.books import Intake, Target, register_before
from nxforge_core.api import Connection, InvalidInputError

from ._errors import EmptyFileError, TooManyRowsError
from ._intervals import Intervals
from ._options import MAX_ROWS, ImportOptions
from ._place import Offer, Placed, place
from ._row_errors import MissingCellError, RowError
from ._rows import Row, rows_of
from ._times import FileTimes
from ._values import FileValues
from ._views import Rejection

__all__ = ["FileReading"]

#: Rows that are in memory, and in one statement, at a time.
_BATCH: Final = 2000
_MOST_SHOWN: Final = 1000


class FileReading:
    """Reads a file into a channel.

    Args:
        options: How it is read.
        target: Whose endpoint it is.
        now: Later times are refused.

    Attributes:
        rows: Read so far.
        placed: What became of them.
        rejected: How many were not taken.
        rejections: The first of these.
        changed: Instants at which another reading is stored now, first and last.
        span: Instants of the file, first and last.
    """

    def __init__(self, options: ImportOptions, target: Target, now: datetime) -> None:
        self._options = options
        zone = ZoneInfo(options.tz or target.tz)
        self.times = FileTimes(options.time_format, zone, now)
        largest = None if options.kind == "interval" else target.largest_kwh
        self.values = FileValues(options.number_format, options.unit, largest)
        self.intervals = _intervals(options, target.multiplier)
        self._base = Decimal(0) if self.intervals is None else options.start_register
        self.rows = 0
        self.placed = Placed()
        self.rejected = 0
        self.rejections: list[Rejection] = []
        self.changed: tuple[datetime, datetime] | None = None
        self.span: tuple[datetime, datetime] | None = None

    async def read(self, connection: Connection, intake: Intake, text: str) -> None:
        """Go through the file, and store what it brings.

        Raises:
            UsageError: it is no file of rows.
        """
        offers: list[Offer] = []
        texts: dict[int, str] = {}
        for row in rows_of(text, self._options):
            self.rows += 1
            if self.rows > MAX_ROWS:
                raise TooManyRowsError(MAX_ROWS)
            try:
                offers += self._offers(row)
                texts[row.number] = row.text
            except RowError as error:
                self._reject(row.number, row.text, error.reason)
            if len(offers) >= _BATCH:
                await self._store(connection, intake, offers, texts)
                offers, texts = [], {}
                # Reading on is work: others have their turn in between.
                await asyncio.sleep(0)
        if not self.rows:
            raise EmptyFileError
        await self._store(connection, intake, offers, texts)

    def _offers(self, row: Row) -> list[Offer]:
        if not row.time:
            raise MissingCellError(what="time")
        if not row.value:
            raise MissingCellError(what="value")
        at = self.times.instant(row.time)
        value = self.values.value(row.value)
        if self.intervals is not None:
            return list(self.intervals.offers(row.number, at, value.kwh))
        return [Offer(row.number, at, value.kwh, value.resolution_kwh)]

    async def _store(
        self,
        connection: Connection,
        intake: Intake,
        offers: Sequence[Offer],
        texts: dict[int, str],
    ) -> None:
        if not offers:
            return
        if self._base is None:
            self._base = await register_before(
                connection, intake.endpoint_id, intake.channel, offers[0].ts
            ) or Decimal(0)
        if self._base:
            offers = [
                replace(each, register_kwh=self._base + each.register_kwh)
                for each in offers
            ]
        placed = await place(connection, intake, offers)
        for offer, reason in placed.refused:
            self._reject(offer.row, texts.get(offer.row, ""), reason)
        self._count(placed)
        self.span = _wider(self.span, [each.ts for each in offers])
        self.changed = _wider(self.changed, placed.touched)

    def _count(self, placed: Placed) -> None:
        for name in ("inserted", "duplicate", "conflict", "replaced"):
            setattr(
                self.placed, name, getattr(self.placed, name) + getattr(placed, name)
            )

    def _reject(self, row: int, text: str, reason: str) -> None:
        self.rejected += 1
        if len(self.rejections) < _MOST_SHOWN:
            self.rejections.append(Rejection(row=row, text=text, reason=reason))


def _wider(
    span: tuple[datetime, datetime] | None, instants: Sequence[datetime]
) -> tuple[datetime, datetime] | None:
    if not instants:
        return span
    first, last = span or (instants[0], instants[0])
    return min(first, *instants), max(last, *instants)


def _intervals(options: ImportOptions, multiplier: Decimal) -> Intervals | None:
    if options.kind == "register":
        return None
    if options.interval_s is None:
        remedy = "give the seconds of each interval, such as 900"
        raise InvalidInputError(field="intervalS", value=None, remedy=remedy)
    return Intervals(
        timedelta(seconds=options.interval_s),
        starts=options.interval_time == "start",
        multiplier=multiplier,
    )
