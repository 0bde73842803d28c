"""Instants and days as they come in."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from nxforge_core.api import InvalidInputError

__all__ = ["parse_instant"]


def parse_instant(field: str, text: str, zone: ZoneInfo) -> datetime:
    """An instant, UTC; a date is its midnight, and without offset it is the zone's.

    Raises:
        InvalidInputError: it is neither a date nor an instant.
    """
    try:
        # A '+' that was not escaped arrives as a space.
        value = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
        local = value if value.tzinfo else value.replace(tzinfo=zone)
        return local.astimezone(UTC)
    # The first and the last day of the calendar are beyond it in some zone.
    except (ValueError, OverflowError) as error:
        remedy = (
            "give a date such as 2025-03-31 or an instant such as 2025-03-31T06:00Z"
        )
        raise InvalidInputError(field=field, value=text, remedy=remedy) from error
