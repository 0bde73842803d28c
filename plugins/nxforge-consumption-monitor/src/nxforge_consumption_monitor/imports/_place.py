"""Readings that are brought in, beside those that are stored: who wins an instant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

import msgspec

from nxforge_consumption_monitor.store.books import (
    Intake,
    StoredAt,
    insert_offers,
    stored_at,
    supersede_offers,
    supersede_stored,
)
from nxforge_core.api import Connection

from ._row_errors import OtherValueError, RowError

__all__ = ["Offer", "Placed", "place"]

#: Of the same instant the higher one counts; of equal ones, what was said last.
_RANKS: Final = {"poll": 1, "api": 1, "import": 2, "manual": 3}


class Offer(msgspec.Struct, frozen=True):
    """A reading that is brought in.

    Attributes:
        row: Where it stands in its file; 0 where it came with no row of its own.
    """

    row: int
    ts: datetime
    register_kwh: Decimal
    resolution_kwh: Decimal | None = None


class Placed(msgspec.Struct, kw_only=True):
    """What became of offers."""

    inserted: int = 0
    duplicate: int = 0
    conflict: int = 0
    replaced: int = 0
    refused: list[tuple[Offer, str]] = []
    touched: list[datetime] = []


class _Sorted(msgspec.Struct, kw_only=True):
    new: list[Offer] = []
    winning: list[Offer] = []
    losing: list[tuple[Offer, str]] = []


async def place(
    connection: Connection, intake: Intake, offers: Sequence[Offer]
) -> Placed:
    """Store what is new and what wins; keep what loses as superseded.

    The same value at the same instant changes nothing. What was stored is judged
    again by a restatement only, which is up to the caller.
    """
    placed = Placed()
    own = _distinct(offers, placed)
    stored = await stored_at(connection, intake, list(own))
    found = _Sorted()
    for offer in own.values():
        try:
            _sort(offer, stored.get(offer.ts), intake, placed, found)
        except RowError as error:
            placed.refused.append((offer, error.reason))
    await supersede_stored(connection, intake, [each.ts for each in found.winning])
    chosen = [*found.new, *found.winning]
    await insert_offers(
        connection,
        intake,
        [(each.ts, each.register_kwh, each.resolution_kwh) for each in chosen],
    )
    await supersede_offers(
        connection,
        intake,
        [(each.ts, each.register_kwh, won_by) for each, won_by in found.losing],
    )
    placed.touched = [each.ts for each in chosen]
    return placed


def _distinct(offers: Sequence[Offer], placed: Placed) -> dict[datetime, Offer]:
    own: dict[datetime, Offer] = {}
    for offer in offers:
        first = own.setdefault(offer.ts, offer)
        if first is offer:
            continue
        if first.register_kwh == offer.register_kwh:
            placed.duplicate += bool(offer.row)
        else:
            error = OtherValueError(line=f"line {first.row}", at=offer.ts.isoformat())
            placed.refused.append((offer, error.reason))
    return own


def _sort(
    offer: Offer,
    stored: StoredAt | None,
    intake: Intake,
    placed: Placed,
    found: _Sorted,
) -> None:
    counts = bool(offer.row)
    if stored is None:
        found.new.append(offer)
        placed.inserted += counts
    elif stored.register_kwh == offer.register_kwh:
        placed.duplicate += counts
    elif intake.import_id is not None and stored.import_id == intake.import_id:
        raise OtherValueError(line="an earlier line", at=offer.ts.isoformat())
    elif stored.register_kwh is None or _wins(intake.source, stored.source):
        found.winning.append(offer)
        placed.conflict += counts
        placed.replaced += counts
    else:
        found.losing.append((offer, stored.source))
        placed.conflict += counts


def _wins(source: str, over: str) -> bool:
    return _RANKS[source] >= _RANKS[over]
