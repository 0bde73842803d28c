"""Charts as drawings: gaps are never drawn as zeros, nor anything else."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from nxforge_core.api import ui
from nxforge_core.ui import to_html
from nxforge_core.ui.charts import BadSeriesError, chart_data, draw_chart

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
KINDS: list[ui.ChartKind] = ["line", "area", "step", "bar", "stacked", "heat"]
VALUES = st.lists(
    st.one_of(
        st.none(),
        st.floats(),
        st.integers(-(10**15), 10**15),
        st.decimals(),
    ),
    max_size=30,
)


async def unasked(_: Any) -> None:
    """Answer nothing."""


def drawn(kind: ui.ChartKind, *columns: list[Any], **more: Any) -> Any:
    """The drawing of lines with one value an hour."""
    chart = ui.Chart("Power", unasked, kind=kind, unit="kW", **more)
    lines = [
        ui.Line(f"Rack {n}", [NOW + timedelta(hours=h) for h in range(len(c))], c)
        for n, c in enumerate(columns)
    ]
    data = chart_data(chart, ui.Series(lines), None)
    return LexborHTMLParser(to_html(draw_chart(chart, data)))


def moves(tree: Any, selector: str = "path.line") -> list[int]:
    """How many times the pen is put down in each path."""
    return [node.attributes["d"].count("M") for node in tree.css(selector)]


def test_gap_parts_a_line() -> None:
    """A line ends before a gap and begins behind it; a lone reading is a dot."""
    tree = drawn("line", [1, 2, None, 3, None, 4, 5])

    assert moves(tree) == [3]


def test_gap_parts_what_is_filled() -> None:
    """Areas and bands end where their line does."""
    area = drawn("area", [1, 2, None, 3, 4])
    at = [NOW + timedelta(hours=hour) for hour in range(4)]
    chart = ui.Chart("Band", unasked)
    line = ui.Line("a", at, [2, 2, None, 2], low=[1, 1, None, 1], high=[3, 3, 3, 3])
    band = draw_chart(chart, chart_data(chart, ui.Series([line]), None))

    assert len(area.css("path.area")) == 2
    assert to_html(band).count('class="band') == 2


def test_bar_that_is_unknown_is_no_bar() -> None:
    """Zero has a bar without height, unknown has none."""
    tree = drawn("bar", [1, None, 0, 3])
    heights = [float(str(n.attributes["height"])) for n in tree.css("rect.bar")]

    assert len(heights) == 3
    assert heights[1] == 0


def test_many_stacked_points_are_thinned_at_the_same_instants() -> None:
    """However many there are, each line stands on the other, and peaks stay."""
    low = [float(place % 7) for place in range(4_000)]
    high = [9.0 if place == 2_222 else 1.0 for place in range(4_000)]
    paths = drawn("stacked", low, high).css("path.stack")
    instants = [
        {step.split(" ")[0] for step in re.split("[MLZ]", node.attributes["d"]) if step}
        for node in paths
    ]

    assert len(paths) == 2
    assert instants[0] == instants[1]
    assert min(len(each) for each in instants) > 900


def test_stacked_lines_stand_on_each_other() -> None:
    """A gap of one line is a gap of it alone."""
    tree = drawn("stacked", [1, 1, 1, 1], [2, None, 2, 2])

    assert len(tree.css("path.s1")) == 1
    assert len(tree.css("path.s2")) == 2


def test_heat_has_a_strip_for_each_line() -> None:
    """More is deeper; what is unknown is left out."""
    tree = drawn("heat", [0, 5, 10], [None, 5, 10])
    levels = [str(node.attributes["class"]) for node in tree.css("rect.heat")]

    assert levels == ["heat h1", "heat h3", "heat h5", "heat h3", "heat h5"]
    assert "Rack 1" in tree.text()


def test_limit_and_words_name_their_unit() -> None:
    """A limit is a line with its name; the drawing says in words what it shows."""
    tree = drawn("line", [1.5, 2], limits=[ui.Limit(2.2, "breaker")])
    said = str(tree.css_first("svg").attributes["aria-label"])

    assert "breaker 2.2\N{NO-BREAK SPACE}kW" in tree.text()
    assert said == "Power; Rack 0: 1.5 to 2\N{NO-BREAK SPACE}kW"


def test_many_points_are_few_on_paper() -> None:
    """100,000 readings draw as the extremes of each column, with their gaps."""
    values: list[Any] = [n % 97 for n in range(100_000)]
    values[50_000:50_010] = [None] * 10
    tree = drawn("line", values)
    path = str(tree.css_first("path.line").attributes["d"])

    assert len(path) < 60_000
    assert moves(tree) == [2]
    numbers = {float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", path)}
    assert len(numbers) > 10


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (ui.Line("a", [NOW], []), "1 instants and 0 values"),
        (ui.Line("a", [NOW, NOW - timedelta(1)], [1, 2]), "do not ascend"),
        (ui.Line("a", [NOW], [1], low=[1, 2], high=[1]), "1 instants and 2 low"),
    ],
)
def test_columns_that_do_not_fit_are_named(line: ui.Line, why: str) -> None:
    """The card of a chart says which line is wrong, and how."""
    chart = ui.Chart("Power", unasked)

    with pytest.raises(BadSeriesError, match=why):
        chart_data(chart, ui.Series([line]), None)


def test_stacked_lines_need_the_same_instants() -> None:
    """What cannot be added up is not drawn as a sum."""
    later = [ui.Line("a", [NOW], [1]), ui.Line("b", [NOW + timedelta(1)], [1])]
    chart = ui.Chart("Power", unasked, kind="stacked")

    with pytest.raises(BadSeriesError, match="the same instants"):
        chart_data(chart, ui.Series(later), None)


@pytest.mark.parametrize("kind", KINDS)
@given(values=VALUES, hours=st.integers(0, 20_000))
def test_whatever_is_measured_can_be_drawn(
    kind: ui.ChartKind, values: list[Any], hours: int
) -> None:
    """No number, no gap and no length of time breaks a drawing."""
    tree = drawn(kind, values, list(values))
    window = ui.Window(NOW, NOW + timedelta(hours=hours, seconds=1))
    chart = ui.Chart("Power", unasked, kind=kind)
    at = [NOW + timedelta(minutes=n) for n in range(len(values))]
    data = chart_data(chart, ui.Series([ui.Line("a", at, values)]), window)
    text = to_html(draw_chart(chart, data)) + (tree.html or "")

    assert "nan" not in text
    assert "inf" not in text.replace('"info"', "")
    assert len(data.lines[0].y) == len(values)
