"""Strips of moments."""

from __future__ import annotations

from nxforge_core.api import load_texts
from nxforge_core.api.pages import Beat, State, StatusBar, Strip
from nxforge_core.ui._ask import Ask
from nxforge_core.ui._tree import Node, h, hidden_text
from nxforge_core.ui._words import stamp

from ._frame import anchor, empty, frame, listed
from ._value import pill, value

__all__ = ["show_status"]

say = load_texts("nxforge_core")


async def show_status(widget: StatusBar, ask: Ask) -> Node:
    """Ask for the strips and draw each."""
    strips = listed(await ask.content(widget.source), Strip)
    if not strips:
        return frame(widget, ask, empty(widget.empty))
    rows = [_strip(strip, ask) for strip in strips]
    return frame(widget, ask, h("ul", {"class": "nx-strips"}, rows))


def _strip(strip: Strip, ask: Ask) -> Node:
    label = anchor(strip.link, ask) if strip.link else strip.label
    end = value(strip.value, ask) if strip.value != "" else None
    return h(
        "li",
        {"data-key": strip.label},
        h("span", {"class": "label"}, label),
        h("span", {"class": "beats"}, [_beat(b) for b in strip.beats], _said(strip)),
        pill(State(strip.state or say(strip.level), strip.level)),
        h("span", {"class": "value"}, end),
    )


def _beat(beat: Beat) -> Node:
    when = f"{stamp(beat.at)} " if beat.at else ""
    title = f"{when}{beat.text or say(beat.level)}"
    return h(
        "span", {"class": f"beat l-{beat.level}", "title": title, "aria-hidden": "true"}
    )


def _said(strip: Strip) -> Node:
    """The strip in words: how many of its moments were well."""
    well = sum(beat.level == "ok" for beat in strip.beats)
    return hidden_text(
        say("{well} of {beats} ok").format(well=well, beats=len(strip.beats))
    )
