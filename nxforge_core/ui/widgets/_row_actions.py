"""Buttons of rows. Each is a submit button, so that it works without a script."""

from __future__ import annotations

from collections.abc import Mapping

from nxforge_core.api import load_texts
from nxforge_core.api.pages import RowAction, Table
from nxforge_core.ui._ask import Ask
from nxforge_core.ui._tree import Node, h

from ._arrange import text_of
from ._deed import deed_form

__all__ = ["acting", "allowed", "key_of", "row_buttons"]

say = load_texts("nxforge_core")


def allowed(widget: Table, ask: Ask) -> list[RowAction]:
    """Those that the reader may use."""
    return [
        each
        for each in widget.actions
        if each.permission is None or ask.reader.may(each.permission)
    ]


def acting(widget: Table, ask: Ask, table: Node) -> Node:
    """The table in the form that its buttons belong to, where it has some."""
    if not allowed(widget, ask):
        return table
    return deed_form(ask, ask.name(widget), [_many(widget, ask), table])


def row_buttons(
    widget: Table, ask: Ask, row: Mapping[str, object], cells: list[Node]
) -> list[Node]:
    """The cells of a row with its checkbox before and its buttons behind them.

    A row without a key has none.
    """
    key, found = key_of(widget, row), allowed(widget, ask)
    label = text_of(row.get(widget.label)) if widget.label else key
    line = list(cells)
    if any(each.many for each in found):
        says = say("Pick {key}").format(key=label)
        facts = {"type": "checkbox", "name": "key", "value": key, "aria-label": says}
        line.insert(0, h("td", {"class": "pick"}, h("input", facts) if key else None))
    if single := [each for each in found if each.single]:
        buttons = [_button(each, key, label) for each in single if _is_at(each, row)]
        line.append(h("td", {"class": "end"}, buttons if key else None))
    return line


def key_of(widget: Table, row: Mapping[str, object]) -> str:
    """What identifies the row; empty: nothing."""
    named = row.get(widget.key) if widget.key else None
    return "" if named is None else str(named)


def _is_at(action: RowAction, row: Mapping[str, object]) -> bool:
    return not action.only or bool(row.get(action.only))


def _button(action: RowAction, key: str, label: str) -> Node:
    facts = {
        **_facts(action),
        "name": "nx-one",
        "value": f"{action.name}:{key}",
        "aria-label": f"{action.title} {label}",
        "data-key": action.name,
    }
    return h("button", facts, action.title)


def _facts(action: RowAction) -> dict[str, object]:
    return {
        "class": f"nx-button small {action.style}",
        "type": "submit",
        "data-confirm": action.confirm or None,
    }


def _many(widget: Table, ask: Ask) -> Node | None:
    """Buttons for the rows that are selected."""
    found = [each for each in allowed(widget, ask) if each.many]
    if not found:
        return None
    buttons = [
        h("button", {**_facts(each), "name": "nx-many", "value": each.name}, each.title)
        for each in found
    ]
    return h("div", {"class": "nx-many"}, say("Selected: "), buttons)
