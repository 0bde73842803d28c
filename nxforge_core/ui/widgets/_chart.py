"""Charts: drawn by the server, taken over by the browser's own engine."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

import msgspec

from nxforge_core.api import load_texts
from nxforge_core.api.pages import Chart
from nxforge_core.ui._ask import Ask, takes
from nxforge_core.ui._tree import Node, h, plain
from nxforge_core.ui._words import number, stamp
from nxforge_core.ui.charts import ChartData, chart_data, draw_chart, from_zero

from ._frame import empty, frame

__all__ = ["chart_content", "show_chart"]

say = load_texts("nxforge_core")

#: Instants that the table below the chart has at the most.
_ROWS: Final = 60


async def show_chart(widget: Chart, ask: Ask) -> Node:
    """Ask for the series, draw them, list them."""
    data = await chart_content(widget, ask)
    known = any(line.x for line in data.lines)
    drawing = draw_chart(widget, data) if known else empty(widget.empty)
    chart = h(
        "nx-chart",
        {
            "class": f"nx-plot {widget.height}",
            "data-src": _source(widget, ask),
            "data-spec": _spec(widget),
        },
        drawing,
    )
    note = h("p", {"class": "nx-note"}, data.note) if data.note else None
    legend = _legend(data) if widget.kind != "heat" else None
    return frame(widget, ask, legend, chart, note, _table(widget, data))


async def chart_content(widget: Chart, ask: Ask) -> ChartData:
    """What the source answers, as numbers."""
    series = await ask.content(widget.source)
    timely = widget.axis == "time" and takes(widget.source, "window")
    window = ask.window if timely else None
    return chart_data(widget, series, window)


def _source(widget: Chart, ask: Ask) -> str:
    name = ask.name(widget)
    return f"{ask.root}/api/v1/ui/data/{ask.plugin}/{ask.page.name}/{name}"


def _spec(widget: Chart) -> str:
    spec = {
        "title": plain(widget.title),
        "kind": widget.kind,
        "unit": plain(widget.unit),
        "zero": from_zero(widget),
        "axis": widget.axis,
        "windowed": takes(widget.source, "window"),
        "empty": plain(widget.empty),
        "limits": [
            {"value": one.value, "label": plain(one.label), "level": one.level}
            for one in widget.limits
        ],
    }
    return msgspec.json.encode(spec).decode()


def _legend(data: ChartData) -> Node:
    items = [
        h("li", None, h("i", {"class": f"swatch s{place % 8 + 1}"}), line.label)
        for place, line in enumerate(data.lines)
    ]
    return h("ul", {"class": "nx-legend"}, items)


def _table(widget: Chart, data: ChartData) -> Node | None:
    """The newest values as a table: for who does not see lines."""
    times = sorted({at for line in data.lines for at in line.x[-_ROWS:]})[-_ROWS:]
    if not times:
        return None
    columns = [dict(zip(line.x, line.y, strict=True)) for line in data.lines]
    heads = [
        h(
            "th",
            {"scope": "col", "class": "end"},
            _titled(line.label, line.unit or widget.unit),
        )
        for line in data.lines
    ]
    rows = [
        h(
            "tr",
            None,
            h("th", {"scope": "row"}, _moment(widget, at)),
            [_cell(column, at) for column in columns],
        )
        for at in reversed(times)
    ]
    region = {"class": "nx-scroll low", "tabindex": "0", "role": "region"}
    table = h(
        "table",
        None,
        h("thead", None, h("tr", None, h("th", {"scope": "col"}, say("Time")), heads)),
        h("tbody", None, rows),
    )
    labelled = {
        **region,
        "aria-label": say("{title}, values").format(title=widget.title),
    }
    summary = h("summary", None, say("Show as table"))
    return h("details", {"class": "nx-values"}, summary, h("div", labelled, table))


def _titled(label: str, unit: str) -> str:
    return f"{label} ({unit})" if unit else label


def _moment(widget: Chart, at: int) -> Node | str:
    moment = datetime.fromtimestamp(at / 1000, UTC)
    if widget.axis == "day":
        return f"{moment:%H:%M}"
    return h("time", {"datetime": moment.isoformat(), "data-time": True}, stamp(moment))


def _cell(column: Mapping[int, float | None], at: int) -> Node:
    """A value, words where there is a gap, nothing where there is no such instant."""
    value = column.get(at)
    gap = h("span", {"class": "nx-unknown"}, say("no data")) if at in column else None
    return h("td", {"class": "end"}, gap if value is None else number(value))
