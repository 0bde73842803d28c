"""The explorer: marks of readings, hours of a week, days, the time to compare with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from looking import act, done, look

from nxforge_consumption_monitor.pages import ENDPOINT_PAGE, HISTORY_PAGE, MARK_PAGE
from nxforge_core.api import ui
from nxforge_core.ui import Trouble


async def _hours(monitor: Any, *registers: str) -> Any:
    """One reading an hour."""
    view = await monitor.add("a", interval_s=3600)
    for register in registers:
        monitor.show("a", register)
        await monitor.round()
        monitor.clock.pass_by(hours=1)
    monitor.clock.pass_by(hours=-1)
    return view


def _way(page: Any, card: str, word: str) -> dict[str, str]:
    """The parameters of the first link of a card with this word in its address."""
    [found, *_] = [each for each in page.links(card) if word in each]
    return dict(parse_qsl(urlsplit(found).query))


async def _drawn(monitor: Any, name: str, window: ui.Window, **params: str) -> Any:
    [chart] = [
        each
        for each in HISTORY_PAGE.body
        if isinstance(each, ui.Chart) and each.title == name
    ]
    return await chart.source(monitor.ctx, window=window, params=params)


async def test_reading_is_marked_as_bad_and_put_back(monitor: Any) -> None:
    """From its row, with what it would change first and a reason; and the way back."""
    await _hours(monitor, "100", "101", "190", "191")
    page = await look(monitor, HISTORY_PAGE)
    assert page.failed == []
    params = _way(page, "readings", "bad=1")
    page = await look(monitor, MARK_PAGE, **params)
    assert page.failed == []
    assert "1 reading would be marked as bad" in page.text("outcome")
    assert page.has("bad")
    assert not page.has("good")
    note = {"note": "a wrong page"}
    said = done(await act(monitor, MARK_PAGE, "bad", note, **params)).message
    assert said.startswith("1 reading marked as bad")
    page = await look(monitor, HISTORY_PAGE)
    back = _way(page, "readings", "good=1")
    assert back["at"] == params["at"]
    done(await act(monitor, MARK_PAGE, "good", {"note": ""}, **back))
    page = await look(monitor, MARK_PAGE, **params)
    rows = page.rows("marks")
    assert [row[1] for row in rows] == ["● good again", "◆ bad"]
    assert rows[1][3] == "a wrong page"


async def test_bad_reading_needs_a_reason(monitor: Any) -> None:
    """The words stand beside the field, and nothing is marked."""
    await _hours(monitor, "100", "101")
    params = _way(await look(monitor, HISTORY_PAGE), "readings", "bad=1")
    outcome = await act(monitor, MARK_PAGE, "bad", {"note": ""}, **params)
    assert isinstance(outcome, Trouble)
    assert list(outcome.fields) == ["note"]


async def test_readings_of_a_time_are_marked_together(monitor: Any) -> None:
    """A period that is entered by the clock of the site, to the end of its minute."""
    view = await _hours(monitor, "100", "101", "102", "103")
    fields = {
        "endpoint": view.id,
        "first": "2025-03-10T14:00",
        "last": "2025-03-10T15:00",
        "mark": "bad",
        "channel": "total",
    }
    way = done(await act(monitor, MARK_PAGE, "which", fields)).go
    assert way is not None
    page = await look(monitor, MARK_PAGE, **dict(way.params))
    assert "2 readings would be marked as bad" in page.text("outcome")


async def test_viewer_is_offered_no_mark(monitor: Any) -> None:
    """Who may only look sees the readings, and what was marked."""
    view = await _hours(monitor, "100", "101")

    def may(permission: str) -> bool:
        return not permission.endswith(":write")

    page = await look(monitor, HISTORY_PAGE, may)
    assert not any("/mark?" in each for each in page.links("readings"))
    page = await look(monitor, MARK_PAGE, may, endpoint=view.id)
    assert not page.has("which")
    assert "ever marked" in page.text("marks")


async def test_reading_of_the_endpoint_page_leads_to_marking(monitor: Any) -> None:
    """Its own table has the same way."""
    view = await _hours(monitor, "100", "101")
    page = await look(monitor, ENDPOINT_PAGE, id=view.id, tab="readings")
    assert page.failed == []
    assert _way(page, "readings", "bad=1")["endpoint"] == view.id


async def test_marks_of_an_old_window_are_found(monitor: Any) -> None:
    """Five hundred newer events of other times do not hide one of then."""
    view = await monitor.add("a")
    old = datetime(2025, 1, 5, 12, tzinfo=UTC)
    for start, count in ((old, 0), (monitor.clock.now(), 510)):
        await monitor.pool.execute(
            """
            insert into meter_event (endpoint_id, channel, ts, type, origin)
            select
                $1::uuid, 'total', $2::timestamptz - n * interval '1 s', 'jump', 'user'
            from generate_series(0, $3::int) as n
            """,
            view.id,
            start,
            count,
        )
    window = ui.Window(old - timedelta(hours=1), old + timedelta(hours=1))
    found = await _drawn(monitor, "Power", window, meters=view.id)
    assert [each.at for each in found.marks] == [old]


async def test_hours_of_a_week_are_those_of_the_clock_of_the_site(
    monitor: Any,
) -> None:
    """Midnight on Monday in Greenwich is two o'clock at the site."""
    monitor.clock.instant = datetime(2025, 3, 3, 0, tzinfo=UTC)
    await _hours(monitor, "100", "101", "104")
    view = (await monitor.pool.fetchval("select id from endpoint")).hex
    window = ui.Window(datetime(2025, 3, 3, tzinfo=UTC), monitor.clock.now())
    found = await _drawn(monitor, "Energy of the hours of a week", window, meters=view)
    monday = found.lines[0]
    assert monday.label == "Monday"
    assert [at.hour for at in monday.at[2:4]] == [2, 3]
    assert list(monday.values[1:4]) == [None, Decimal(1), Decimal(3)]


async def test_days_are_a_strip(monitor: Any) -> None:
    """One bar for each day, with its date, its coverage and its energy."""
    await _hours(monitor, *(str(n) for n in range(100, 130)))
    page = await look(monitor, HISTORY_PAGE)
    days = page.card("days").css(".beat")
    assert str(days[0].attributes["title"]).startswith("2025-03-10: ")
    assert len(days) == 2


async def test_day_before_is_the_same_time_by_the_clock(monitor: Any) -> None:
    """Across the beginning of summer time a day is 23 hours long."""
    monitor.clock.instant = datetime(2025, 3, 29, 12, tzinfo=UTC)
    view = await monitor.add("a", interval_s=3600)
    monitor.show("a", "100", "5")
    await monitor.round()
    monitor.clock.instant = datetime(2025, 3, 30, 12, tzinfo=UTC)
    start = datetime(2025, 3, 30, 10, tzinfo=UTC)
    window = ui.Window(start, start + timedelta(hours=2))
    found = await _drawn(monitor, "Power", window, meters=view.id, shift="1d")
    [before] = [each for each in found.lines if each.label.endswith("the day before")]
    assert list(before.at) == [datetime(2025, 3, 30, 11, tzinfo=UTC)]
