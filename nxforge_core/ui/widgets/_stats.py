"""Tiles of figures."""

from __future__ import annotations

from nxforge_core.api import load_texts
from nxforge_core.api.pages import Figure, Stats
from nxforge_core.ui._ask import Ask
from nxforge_core.ui._tree import Node, h, hidden_text

from ._frame import anchor, empty, frame, listed
from ._value import sparkline, value

__all__ = ["show_stats"]

say = load_texts("nxforge_core")


async def show_stats(widget: Stats, ask: Ask) -> Node:
    """Ask for the figures and show each as a tile."""
    figures = listed(await ask.content(widget.source), Figure)
    if not figures:
        return frame(widget, ask, empty(say("Nothing to show yet.")))
    tiles = [_tile(figure, ask) for figure in figures]
    return frame(widget, ask, h("dl", {"class": "nx-tiles"}, tiles), bare=True)


def _tile(figure: Figure, ask: Ask) -> Node:
    known = figure.value is not None
    shown = value(figure.value, ask, places=figure.places)
    unit = h("span", {"class": "unit"}, figure.unit) if figure.unit and known else None
    gap = " " if unit else None
    level = h("dd", {"class": "hint"}, figure.hint) if figure.hint else None
    said = (
        hidden_text(" (", say(figure.level), ")") if figure.level != "unknown" else None
    )
    return h(
        "div",
        {"class": f"nx-tile l-{figure.level}", "data-key": figure.label},
        h("dt", None, figure.label),
        h("dd", {"class": "value"}, h("bdi", None, shown, gap, unit), said),
        level,
        h("dd", None, sparkline(figure.trend)) if figure.trend else None,
        h("dd", None, anchor(figure.link, ask)) if figure.link else None,
    )
