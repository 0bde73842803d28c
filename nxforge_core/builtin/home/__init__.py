"""The start page: what plugins offer for it, as each reader wants to see it."""

from __future__ import annotations

from ._cards import HomeCard, home_cards
from ._layout import Layout
from ._store import forget_layout, keep_layout, read_layout

__all__ = [
    "HomeCard",
    "Layout",
    "forget_layout",
    "home_cards",
    "keep_layout",
    "read_layout",
]
