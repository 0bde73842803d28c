"""Times of a file as instants; the hour that comes twice is told apart by order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final
from zoneinfo import ZoneInfo

from ._row_errors import (
    CalendarError,
    EarlyTimeError,
    FutureTimeError,
    NotTimeError,
    SkippedTimeError,
)

__all__ = ["FileTimes"]

_EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SCALES: Final = {"epoch": 1_000_000, "epoch-ms": 1000}


class FileTimes:
    """Reads the times of one file, row after row.

    Local times of the autumn hour that comes twice are the first pass until the clock
    of the file goes back, and the second pass from then on; in a file that goes
    backwards it is the other way round.

    Args:
        form: As of the options.
        zone: Of times without offset.
        now: Later ones are refused.

    Attributes:
        passes: How many rows were read as the first and as the second pass.
    """

    def __init__(self, form: str, zone: ZoneInfo, now: datetime) -> None:
        self._read = _reader(form)
        self._zone = zone
        self._now = now
        self._previous: datetime | None = None
        self._is_backwards = False
        self._is_turned = False
        self.passes = [0, 0]

    def instant(self, text: str) -> datetime:
        """The instant of a text, UTC.

        Raises:
            RowError: it is no time, was skipped by the clocks, or cannot be true.
        """
        value = self._read(text)
        if value.tzinfo is None:
            value = self._located(value)
        try:
            instant = value.astimezone(UTC)
        except OverflowError:
            raise CalendarError(text=text) from None
        if instant > self._now:
            raise FutureTimeError(text=text)
        if instant < _EARLIEST:
            raise EarlyTimeError(text=text, earliest=_EARLIEST.date())
        return instant

    def _located(self, local: datetime) -> datetime:
        first = local.replace(tzinfo=self._zone, fold=0)
        second = first.replace(fold=1)
        before, after = first.utcoffset(), second.utcoffset()
        if _is_skipped(first):
            raise SkippedTimeError(local=local.isoformat(" "), zone=self._zone)
        is_twice = before != after
        self._turn(local, is_twice=is_twice)
        if not is_twice:
            return first
        place = int(self._is_turned != self._is_backwards)
        self.passes[place] += 1
        return second if place else first

    def _turn(self, local: datetime, *, is_twice: bool) -> None:
        previous, self._previous = self._previous, local
        if not is_twice:
            self._is_turned = False
        if previous is None:
            return
        if not is_twice:
            if local != previous:
                self._is_backwards = local < previous
            return
        is_back = local >= previous if self._is_backwards else local <= previous
        self._is_turned = self._is_turned or is_back


def _reader(form: str) -> Callable[[str], datetime]:
    if form == "iso":
        return _iso
    if form in _SCALES:
        scale = _SCALES[form]
        return lambda text: _epoch(text, scale)
    return lambda text: _formatted(text, form)


def _is_skipped(local: datetime) -> bool:
    try:
        again = local.astimezone(UTC).astimezone(local.tzinfo)
    except OverflowError:
        raise CalendarError(text=local.isoformat()) from None
    return again.replace(tzinfo=None) != local.replace(tzinfo=None)


def _iso(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise NotTimeError(text=text, form="iso") from None


def _epoch(text: str, scale: int) -> datetime:
    try:
        return _EPOCH + timedelta(microseconds=int(Decimal(text) * scale))
    except (InvalidOperation, OverflowError, ValueError):
        raise NotTimeError(text=text, form="epoch") from None


def _formatted(text: str, form: str) -> datetime:
    try:
        return datetime.strptime(text, form)  # noqa: DTZ007 - its zone is told apart
    except ValueError:
        raise NotTimeError(text=text, form=form) from None
