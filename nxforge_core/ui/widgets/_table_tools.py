"""Above and below a table: search, filters, columns, the file, its pages."""

from __future__ import annotations

from urllib.parse import urlencode

from nxforge_core.api import load_texts
from nxforge_core.api.pages import Filter, Query, Rows, Table
from nxforge_core.ui._ask import Ask
from nxforge_core.ui._tree import Node, h
from nxforge_core.ui._words import number

from ._query import page_number, shown_columns

__all__ = ["pager", "tools"]

say = load_texts("nxforge_core")


def tools(widget: Table, ask: Ask, query: Query) -> Node | None:
    """The form that narrows the table down."""
    fields = [_choice(widget, ask, each, query) for each in widget.filters]
    if widget.search:
        fields.insert(0, _search(widget, ask, query))
    if fields:
        fields.append(h("button", {"class": "nx-button"}, say("Show")))
    columns = _columns(widget, ask)
    file = _file(widget, ask)
    if not fields and columns is None and file is None:
        return None
    narrowing = (
        h("form", _form(widget, ask), _kept(widget, ask), fields)
        if fields
        else h("span")
    )
    return h("div", {"class": "nx-table-tools"}, narrowing, columns, file)


def pager(widget: Table, ask: Ask, rows: Rows) -> Node | None:
    """Which rows these are, and the ways to the others."""
    page, count = page_number(widget, ask), len(rows.rows)
    first = (page - 1) * widget.size + 1
    last = first + count - 1
    more = rows.more if rows.total is None else last < rows.total
    if page == 1 and not more:
        return None
    of = f" of {number(rows.total)}" if rows.total is not None else ""
    name = ask.name(widget)
    back = ask.here({f"{name}.page": str(page - 1) if page > 2 else None})  # noqa: PLR2004 - the first has no number
    on = ask.here({f"{name}.page": str(page + 1)})
    return h(
        "nav",
        {
            "class": "nx-pager",
            "aria-label": say("Pages of {title}").format(title=widget.title),
        },
        h(
            "span",
            None,
            h("bdi", None, f"{number(first)}\N{EN DASH}{number(last)}"),
            of,
        ),
        _turn(say("Previous"), back, name, there=page > 1),
        _turn(say("Next"), on, name, there=more),
    )


def _turn(words: str, href: str, name: str, *, there: bool) -> Node:
    if not there:
        return h("span", {"class": "nx-button", "aria-disabled": "true"}, words)
    return h("a", {"class": "nx-button", "href": href, "data-turn": name}, words)


def _form(widget: Table, ask: Ask) -> dict[str, object]:
    return {
        "method": "get",
        "action": ask.path,
        "class": "nx-narrow",
        "role": "search",
        "aria-label": say("Narrow down {title}").format(title=widget.title),
        "data-turn": ask.name(widget),
    }


def _kept(widget: Table, ask: Ask) -> list[Node]:
    """What of the address a form must not lose."""
    name = ask.name(widget)
    lost = (f"{name}.q", f"{name}.f.", f"{name}.page")
    return [
        h("input", {"type": "hidden", "name": key, "value": text})
        for key, text in ask.params.items()
        if text and not key.startswith(lost)
    ]


def _search(widget: Table, ask: Ask, query: Query) -> Node:
    facts = {
        "type": "search",
        "name": f"{ask.name(widget)}.q",
        "value": query.search,
        "placeholder": say("Search"),
        "aria-label": say("Search {title}").format(title=widget.title),
    }
    return h("input", facts)


def _choice(widget: Table, ask: Ask, given: Filter, query: Query) -> Node:
    chosen = query.filters.get(given.name, "")
    pairs = [(o, o) if isinstance(o, str) else o for o in given.options]
    options = [
        h("option", {"value": text, "selected": text == chosen}, words)
        for text, words in [("", say("All")), *pairs]
    ]
    name = f"{ask.name(widget)}.f.{given.name}"
    return h("label", None, given.label, " ", h("select", {"name": name}, options))


def _columns(widget: Table, ask: Ask) -> Node | None:
    """Which columns are shown, as links: each adds or takes away one."""
    if not any(column.hidden for column in widget.columns):
        return None
    shown, name = shown_columns(widget, ask), ask.name(widget)
    links = []
    for column in widget.columns:
        there = column.name in shown
        left = shown ^ {column.name}
        ordered = " ".join(each.name for each in widget.columns if each.name in left)
        facts = {
            "href": ask.here({f"{name}.cols": ordered or None}),
            "data-turn": name,
            "aria-current": "true" if there else None,
        }
        words = column.label or column.name.replace("_", " ").capitalize()
        links.append(h("li", None, h("a", facts, words)))
    summary = h("summary", {"class": "nx-button"}, say("Columns"))
    return h("details", {"class": "nx-columns"}, summary, h("ul", None, links))


def _file(widget: Table, ask: Ask) -> Node | None:
    if not widget.csv:
        return None
    kept = {name: text for name, text in ask.params.items() if text}
    path = f"{ask.root}/api/v1/ui/files/{ask.plugin}/{ask.page.name}/{ask.name(widget)}"
    query = f"?{urlencode(kept, errors='replace')}" if kept else ""
    facts = {"href": path + query, "class": "nx-quiet", "download": True}
    return h("a", facts, say("CSV"))
