"""The span of time a page shows, from its address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from nxforge_core.api.pages import Page, Window

__all__ = ["span_of", "window_of"]

_SPAN: Final = re.compile(r"(?P<count>\d{1,4})(?P<unit>min|[hdw])\Z")
_UNITS: Final = {
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_DAY: Final = timedelta(days=1)
_POINTS: Final = (50, 800, 5_000)


def window_of(page: Page, params: Mapping[str, str], now: datetime) -> Window:
    """`from` and `to` where both make sense, else `window`, else the page's own."""
    points = _points(params.get("points", ""))
    start, end = _instant(params.get("from", "")), _instant(params.get("to", ""))
    if start and start < (end or now):
        return Window(start, end or now, points)
    wanted = params.get("window", "")
    span = span_of(wanted if wanted in page.windows else page.window) or _DAY
    return Window(now - span, now, points)


def span_of(text: str) -> timedelta | None:
    """How long `24h` is; None where it is no span."""
    found = _SPAN.fullmatch(text)
    span = int(found["count"]) * _UNITS[found["unit"]] if found else None
    return span or None


def _instant(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
        # Also refuses what no clock of any zone can show.
        return at if at.tzinfo and at.timestamp() > 0 else None
    except (ValueError, OverflowError):
        return None


def _points(text: str) -> int:
    least, usual, most = _POINTS
    if not (text.isascii() and text.isdigit() and len(text) < 6):  # noqa: PLR2004 - digits
        return usual
    return min(max(int(text), least), most)
