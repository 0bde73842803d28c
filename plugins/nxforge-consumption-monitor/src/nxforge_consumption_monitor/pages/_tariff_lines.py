"""Time bands and blocks of a price, each as a line that people write."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from decimal import Decimal, InvalidOperation
from typing import Final

from nxforge_consumption_monitor.billing import Block, Window
from nxforge_consumption_monitor.models import plain
from nxforge_core.api import InvalidInputError

__all__ = [
    "BAND_EXAMPLE",
    "BLOCK_EXAMPLE",
    "bands_of",
    "blocks_of",
    "lines_of_bands",
    "lines_of_blocks",
]

BAND_EXAMPLE: Final = "peak Mon-Fri 07:00-20:00 0.32"
BLOCK_EXAMPLE: Final = "1000 0.30"
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAILY: Final = "daily"
_REST: Final = "rest"


def bands_of(lines: Sequence[str]) -> tuple[Window, ...]:
    """The hours of the week that have a price of their own.

    Raises:
        InvalidInputError: a line says none.
    """
    return tuple(_band(each) for each in lines)


def blocks_of(lines: Sequence[str]) -> tuple[Block, ...]:
    """The parts of a month's energy, each with its price.

    Raises:
        InvalidInputError: a line says none.
    """
    return tuple(_block(each) for each in lines)


def lines_of_bands(bands: Sequence[Window]) -> list[str]:
    """The same as it is written."""
    return [
        f"{each.name} {_days_text(each.weekdays)} {each.start:%H:%M}-{each.end:%H:%M}"
        f" {plain(each.price):f}"
        for each in bands
    ]


def lines_of_blocks(blocks: Sequence[Block]) -> list[str]:
    """The same as it is written."""
    return [
        f"{_REST if each.up_to_kwh is None else f'{plain(each.up_to_kwh):f}'}"
        f" {plain(each.price):f}"
        for each in blocks
    ]


def _band(line: str) -> Window:
    try:
        name, days, hours, price = line.rsplit(maxsplit=3)
        start, end = (time.fromisoformat(each) for each in hours.split("-"))
        return Window(
            name=name,
            weekdays=_days(days),
            start=start,
            end=end,
            price=_number(price),
        )
    except (ValueError, InvalidOperation) as error:
        remedy = f"write name, days, hours and price, such as {BAND_EXAMPLE}"
        raise InvalidInputError(field="windows", value=line, remedy=remedy) from error


def _block(line: str) -> Block:
    try:
        limit, price = line.split()
        known = limit.casefold() != _REST
        up_to = _number(limit) if known else None
        return Block(up_to_kwh=up_to, price=_number(price))
    except (ValueError, InvalidOperation) as error:
        remedy = (
            f"write up to how many kWh and the price, such as {BLOCK_EXAMPLE}, and "
            f"'{_REST} 0.25' in the last line"
        )
        raise InvalidInputError(field="blocks", value=line, remedy=remedy) from error


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _days(text: str) -> tuple[int, ...]:
    if text.casefold() == _DAILY:
        return tuple(range(len(_DAYS)))
    found: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        found += _run(_DAYS.index(first.title()), _DAYS.index((last or first).title()))
    return tuple(found)


def _run(first: int, last: int) -> list[int]:
    """The days from one to the other; a week may begin between them."""
    count = (last - first) % len(_DAYS) + 1
    return [(first + step) % len(_DAYS) for step in range(count)]


def _days_text(days: Sequence[int]) -> str:
    known = sorted(set(days))
    if len(known) == len(_DAYS):
        return _DAILY
    if known == list(range(known[0], known[-1] + 1)) and len(known) > 1:
        return f"{_DAYS[known[0]]}-{_DAYS[known[-1]]}"
    return ",".join(_DAYS[each] for each in known)
