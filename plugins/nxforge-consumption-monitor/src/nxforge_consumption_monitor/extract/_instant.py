"""The time a device shows."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from ._errors import NumberError, RuleError
from ._number import parse_number

__all__ = ["LOCAL", "check_time", "read_time"]

#: The unit of a time without an offset: it is that of the endpoint's zone.
LOCAL: Final = "local"
_UTC: Final = "UTC"
_DSMR_ZONE: Final = "Europe/Amsterdam"
_NAMED: Final = frozenset({"auto", "dsmr", "epoch", "iso"})
_ISO: Final = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})[T ](?P<clock>\d{2}:\d{2}(?::\d{2})?)"
    r"(?:[.,](?P<part>\d{1,12}))?\s*(?P<offset>Z|[+-]\d{2}:?\d{2})?"
)
_DSMR: Final = re.compile(r"(?<!\d)(\d{12})([SW])(?!\w)")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
#: Later than the year 5000 in seconds: it is in milliseconds.
_MILLISECONDS_FROM: Final = Decimal(10) ** 11
_MICRO: Final = timedelta(microseconds=1)
_EXAMPLE: Final = datetime(2025, 10, 26, 3, 0, tzinfo=UTC)


def check_time(form: str, tz: str | None) -> None:
    """Refuse a format or a zone that does not exist.

    Raises:
        RuleError: It names the field.
    """
    if form not in _NAMED and "%" not in form:
        raise RuleError(
            field="format",
            what=f"{form!r} is no format of a time",
            remedy="use auto, epoch, iso, dsmr, or a pattern such as "
            "'%d.%m.%Y %H:%M:%S'",
        )
    if form not in _NAMED:
        _check_pattern(form)
    if tz is not None:
        _zone(tz)


def read_time(text: str, form: str, tz: str | None) -> tuple[Decimal, str]:
    """Read a time.

    Args:
        text: What the device shows.
        form: `epoch`, `iso`, `dsmr`, a pattern of strptime, or `auto`.
        tz: Zone of a time that has no offset.

    Returns:
        Seconds since 1970, and `UTC`, or `local` where nobody says which zone it is:
        then they are counted as if it was UTC.

    Raises:
        NumberError: It is no time.
    """
    try:
        if form == "dsmr" or (form == "auto" and _DSMR.search(text)):
            return _seconds(_dsmr(text, tz)), _UTC
        if form == "epoch" or (form == "auto" and not _ISO.search(text)):
            return _epoch(text), _UTC
        found = _iso(text) if form in {"auto", "iso"} else _parsed(text, form)
    except (ValueError, OverflowError):
        raise NumberError(reason="no_number", text=text) from None
    if found.tzinfo is None and tz is not None:
        found = found.replace(tzinfo=_zone(tz))
    if found.tzinfo is None:
        return _seconds(found.replace(tzinfo=UTC)), LOCAL
    return _seconds(found), _UTC


def _seconds(instant: datetime) -> Decimal:
    since = instant.astimezone(UTC) - _EPOCH
    return Decimal(since // _MICRO).scaleb(-6)


def _epoch(text: str) -> Decimal:
    value = parse_number(text, "dot").value
    return value.scaleb(-3) if abs(value) >= _MILLISECONDS_FROM else value


def _iso(text: str) -> datetime:
    found = _ISO.search(text)
    if found is None:
        raise ValueError(text)
    part = (found["part"] or "")[:6].ljust(6, "0")
    clock = found["clock"] if found["clock"].count(":") > 1 else f"{found['clock']}:00"
    offset = (found["offset"] or "").replace("Z", "+00:00")
    return datetime.fromisoformat(f"{found['day']}T{clock}.{part}{offset}")


def _parsed(text: str, form: str) -> datetime:
    return datetime.strptime(text.strip(), form)  # noqa: DTZ007 - the caller adds it


def _dsmr(text: str, tz: str | None) -> datetime:
    found = _DSMR.search(text)
    if found is None:
        raise ValueError(text)
    naive = datetime.strptime(found[1], "%y%m%d%H%M%S")  # noqa: DTZ007 - see below
    # S and W say which of the two is meant in the hour that comes twice.
    return naive.replace(tzinfo=_zone(tz or _DSMR_ZONE), fold=int(found[2] == "W"))


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise RuleError(
            field="tz",
            what=f"{name!r} is no time zone",
            remedy="give an IANA name such as 'Europe/Bucharest' or 'UTC'",
        ) from None


def _check_pattern(form: str) -> None:
    try:
        datetime.strptime(_EXAMPLE.strftime(form), form)  # noqa: DTZ007 - only a check
    except ValueError:
        raise RuleError(
            field="format",
            what=f"{form!r} is no pattern of a time",
            remedy="write it as strptime does: '%d.%m.%Y %H:%M:%S'",
        ) from None
