"""The live page tells at one glance which meter is broken, and why."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from looking import look

from nxforge_consumption_monitor.groups import GroupBody, create_group
from nxforge_consumption_monitor.pages import LIVE_PAGE
from nxforge_consumption_monitor.permissions import READ_READINGS
from nxforge_core.api import ui


async def test_without_a_meter_the_page_says_how_to_add_one(monitor: Any) -> None:
    """An empty page is no broken one."""
    page = await look(monitor, LIVE_PAGE)
    assert page.failed == []
    assert "Add the first one" in page.text("endpoints")
    assert "Nothing to show yet" in page.text("now")


async def test_broken_meter_comes_first_with_its_reason(monitor: Any) -> None:
    """Whoever fails stands on top, in words; the load is that of the others."""
    await monitor.add("a", location="Rack 1")
    await monitor.add("z")
    for name in ("a", "z"):
        monitor.show(name, "1234.5", "2.3525534")
    await monitor.round()
    monitor.clock.pass_by(minutes=5)
    monitor.http.serve("http://meter.test/z", "oops", "text/plain", 500)
    await monitor.round()
    page = await look(monitor, LIVE_PAGE)
    assert page.failed == []
    [first, second] = page.rows("endpoints")
    assert (first[0], second[0]) == ("z", "a")
    assert first[1].startswith("◆ failing ")
    assert "500" in first[1]
    assert (second[1], second[2]) == ("● online", "2.353")
    assert "1 of 2" in page.text("now")
    assert "not z" in page.text("now")
    assert "2.35 kW" in page.text("now")


async def test_row_leads_to_the_endpoint(monitor: Any) -> None:
    """The name of a meter is the way to its own page."""
    endpoint = await monitor.add("a")
    page = await look(monitor, LIVE_PAGE)
    way = f"/ui/consumption-monitor/endpoint?id={endpoint.id}"
    assert way in page.links("endpoints")
    assert way in page.links("the-last-polls")


async def test_meter_before_its_first_reading_is_unknown(monitor: Any) -> None:
    """What was never read is unknown, and never 0."""
    await monitor.add("a")
    page = await look(monitor, LIVE_PAGE)
    [row] = page.rows("endpoints")
    assert row[1] == "▲ waiting no reading yet"
    assert row[2] == row[4] == row[5] == "unknown"


async def test_silent_meter_says_for_how_long(monitor: Any) -> None:
    """A value of an hour ago is no value of now."""
    await monitor.add("a", interval_s=60)
    monitor.show("a", "5")
    await monitor.round()
    monitor.clock.pass_by(hours=2)
    page = await look(monitor, LIVE_PAGE)
    assert page.rows("endpoints")[0][1] == "◆ silent no reading for 2 h"


async def test_today_is_compared_with_the_same_time_of_yesterday(
    monitor: Any,
) -> None:
    """Two kWh up to now, where it was one at this time yesterday, are 100 % more."""
    monitor.clock.instant = monitor.clock.instant.replace(hour=22)  # midnight there
    await monitor.add("a", interval_s=3600)
    register = Decimal(100)
    for hour in range(31):
        monitor.show("a", str(register))
        await monitor.round()
        register += 2 if hour >= 24 else 1
        monitor.clock.pass_by(hours=1)
    monitor.clock.pass_by(hours=-1)
    page = await look(monitor, LIVE_PAGE)
    assert page.failed == []
    assert "12.00 kWh +100.0 %: 6.00 kWh at this time yesterday" in page.text("today")
    assert "Busiest hour today 2.00 kW" in page.text("today")


async def test_chart_has_a_line_for_each_meter_with_power(monitor: Any) -> None:
    """Meters without a power have none."""
    await monitor.add("a")
    await monitor.add("b")
    monitor.show("a", "1234.5", "2.3525534")
    await monitor.round()
    chart = LIVE_PAGE.body[2]
    assert isinstance(chart, ui.Chart)
    now = monitor.clock.now()
    window = ui.Window(now - timedelta(hours=1), now + timedelta(seconds=1))
    [line] = (await chart.source(monitor.ctx, window=window)).lines
    assert (line.label, list(line.values)) == ("a", [Decimal("2.352553")])


async def test_page_is_for_those_who_may_see_readings() -> None:
    """Nobody else is shown a value."""
    assert LIVE_PAGE.permission == READ_READINGS


async def test_online_tile_leads_to_those_that_are_not(monitor: Any) -> None:
    """A click leaves the broken ones in the table."""
    await monitor.add("a")
    await monitor.add("z")
    monitor.show("a", "5")
    await monitor.round()
    page = await look(monitor, LIVE_PAGE)
    [way] = page.links("now")
    assert way == "/ui/consumption-monitor/live?endpoints.f.online=no"
    page = await look(monitor, LIVE_PAGE, **{"endpoints.f.online": "no"})
    assert [row[0] for row in page.rows("endpoints")] == ["z"]


async def test_meters_are_gathered_by_room_the_worst_room_first(monitor: Any) -> None:
    """Each room under its name, with its load and how many do not answer."""
    await monitor.add("a", location="Room 1")
    await monitor.add("z", location="Room 2")
    monitor.show("a", "5", "2.5")
    await monitor.round()
    page = await look(monitor, LIVE_PAGE, by="room")
    assert page.failed == []
    heads = [" ".join(row) for row in page.rows("endpoints") if len(row) == 1]
    assert heads == [
        "Room 2 load unknown, 1 of 1 not online",
        "Room 1 2.50 kW",
    ]
    page = await look(monitor, LIVE_PAGE)
    assert len(page.rows("endpoints")) == 2


async def test_meters_are_gathered_by_group(monitor: Any) -> None:
    """Those of no group have a heading of their own."""
    group = await create_group(monitor.ctx, GroupBody(name="Rack 1"))
    await monitor.add("a", group_id=group.id)
    await monitor.add("z")
    page = await look(monitor, LIVE_PAGE, by="group")
    assert "Rack 1 load unknown" in page.text("endpoints")
    assert "no group load unknown" in page.text("endpoints")
