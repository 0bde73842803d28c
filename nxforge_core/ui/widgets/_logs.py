"""Logs: lines in order, which a module of ours lets be searched and followed."""

from __future__ import annotations

from typing import Final

from nxforge_core.api import load_texts
from nxforge_core.api.pages import LogLine, LogLines, Logs
from nxforge_core.ui._ask import Ask
from nxforge_core.ui._tree import Node, h, hidden_text
from nxforge_core.ui._words import stamp

from ._frame import ContentError, empty, frame

__all__ = ["show_logs"]

say = load_texts("nxforge_core")

#: Of a page: a browser scrolls through them at ease, and older ones are in the file.
_MOST: Final = 2_000
_LONGEST: Final = 8_000


async def show_logs(widget: Logs, ask: Ask) -> Node:
    """Ask for the lines and list them."""
    content = await ask.content(widget.source)
    if isinstance(content, list | tuple):
        content = LogLines(content)
    if not isinstance(content, LogLines):
        raise ContentError(content, "LogLines, or a list of LogLine")
    for each in content.lines:
        if not isinstance(each, LogLine):
            raise ContentError(each, "a LogLine")
    kept = content.lines[-_MOST:]
    cut = content.cut or len(kept) < len(content.lines)
    older = (
        h("p", {"class": "nx-note"}, say("Older lines are left out.")) if cut else None
    )
    facts = {
        "class": "nx-log",
        "data-follow": ask.root + content.follow if content.follow else None,
        "data-last": str(kept[-1].number) if kept else "0",
    }
    region = {
        "class": "nx-lines",
        "role": "log",
        "aria-live": "off",
        "aria-label": widget.title,
        "tabindex": "0",
    }
    items = [_line(each, ask.name(widget)) for each in kept]
    lines = h("div", region, h("ol", None, items))
    none = None if kept else empty(widget.empty)
    raw = [_raw(content, ask)] if content.raw else []
    return frame(widget, ask, older, h("nx-log", facts, none, lines), tools=raw)


def _raw(content: LogLines, ask: Ask) -> Node:
    facts = {"href": ask.root + content.raw, "class": "nx-quiet"}
    return h("a", facts, say("Raw"))


def _line(line: LogLine, name: str) -> Node:
    number = f"{name}-{line.number}" if line.number else None
    at = None
    if line.at is not None:
        at = h(
            "time", {"datetime": line.at.isoformat(), "data-time": True}, stamp(line.at)
        )
    loud = line.level in ("warning", "error", "critical")
    level = h("b", None, line.level) if loud else hidden_text(line.level)
    text = h("span", {"class": "text"}, str(line.text)[:_LONGEST])
    detail = None
    if line.detail:
        pre = h("pre", {"tabindex": "0"}, str(line.detail)[:_LONGEST])
        detail = h("details", None, h("summary", None, say("Details")), pre)
    facts = {"id": number, "data-level": line.level, "data-key": number}
    return h("li", facts, at, " ", level, " ", text, detail)
