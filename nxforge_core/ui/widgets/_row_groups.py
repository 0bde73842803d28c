"""Rows of a table under headings, and the ways to those."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from re import sub

from nxforge_core.api import load_texts
from nxforge_core.api.pages import State, Table
from nxforge_core.ui._ask import Ask
from nxforge_core.ui._tree import Node, h

from ._arrange import as_mapping, text_of

__all__ = ["bodies", "ways_to_groups"]

say = load_texts("nxforge_core")

_Groups = list[tuple[object, list[Mapping[str, object]]]]


def bodies(
    widget: Table,
    ask: Ask,
    rows: Sequence[object],
    line: Callable[[object], Node],
    width: int,
) -> list[Node]:
    """The rows, one body for each group or one for all of them.

    Args:
        widget: Says by which member they are gathered.
        ask: The look they are shown to.
        rows: In order.
        line: Makes the element of one.
        width: Cells of a line.
    """
    if not any(text_of(group) for group, _ in _groups(widget, rows)):
        return [h("tbody", None, [line(row) for row in rows])]
    return [
        h(
            "tbody",
            {"id": _anchor(widget, ask, group), "data-key": text_of(group)},
            _heading(group, width),
            [line(row) for row in inside],
        )
        for group, inside in _groups(widget, rows)
    ]


def ways_to_groups(widget: Table, ask: Ask, rows: Sequence[object]) -> Node | None:
    """Links to the headings, where there is more than one."""
    groups = _groups(widget, rows)
    if len(groups) < 2:  # noqa: PLR2004 - nowhere else to go
        return None
    links = [
        h("a", {"href": f"#{_anchor(widget, ask, group)}"}, text_of(group))
        for group, _ in groups
    ]
    facts = {
        "class": "nx-ways",
        "aria-label": say("Parts of {title}").format(title=widget.title),
    }
    return h("nav", facts, links)


def _groups(widget: Table, rows: Sequence[object]) -> _Groups:
    if not widget.group:
        return []
    given = [as_mapping(row) for row in rows]
    return [
        (inside[0].get(widget.group), inside)
        for _, found in groupby(given, lambda row: text_of(row.get(widget.group)))
        if (inside := list(found))
    ]


def _heading(group: object, width: int) -> Node:
    facts = {"scope": "rowgroup", "colspan": width}
    note = group.note if isinstance(group, State) else ""
    more = h("span", {"class": "nx-quiet"}, note) if note else None
    words = h("span", {"class": "name"}, text_of(group))
    inside = h("span", None, words, " ", more)
    return h("tr", {"class": "nx-group"}, h("th", facts, inside))


def _anchor(widget: Table, ask: Ask, group: object) -> str:
    words = sub(r"[^a-z0-9]+", "-", text_of(group).casefold()).strip("-")
    return f"{ask.name(widget)}-{words or 'other'}"
