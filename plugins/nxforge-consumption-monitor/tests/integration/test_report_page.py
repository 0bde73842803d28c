"""Reports and history as pages: sums, comparisons, gaps, and the ways to files."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from looking import look

from nxforge_consumption_monitor.groups import GroupBody, create_group
from nxforge_consumption_monitor.pages import (
    ALERTS_PAGE,
    EVENTS_PAGE,
    HISTORY_PAGE,
    QUALITY_PAGE,
    REPORTS_PAGE,
)
from nxforge_consumption_monitor.report import ReportParams, make_reports

_MONTH = "/api/v1/m/consumption-monitor/reports/group/all"


async def run_hours(monitor: Any, hours: int, *names: str) -> None:
    """Let meters count one kWh an hour each."""
    register = Decimal(100)
    for _ in range(hours):
        for name in names:
            monitor.show(name, str(register))
        await monitor.round()
        register += 1
        monitor.clock.pass_by(hours=1)
    monitor.clock.pass_by(hours=-1)


async def test_pages_without_a_meter_say_what_will_be_there(monitor: Any) -> None:
    """No empty page is a broken one."""
    for page, card in (
        (REPORTS_PAGE, "meters"),
        (HISTORY_PAGE, "all-meters"),
        (QUALITY_PAGE, "days"),
        (ALERTS_PAGE, "alerts"),
        (EVENTS_PAGE, "events"),
    ):
        seen = await look(monitor, page)
        assert seen.failed == []
        assert seen.card(card).css_first(".nx-empty-words") is not None


async def test_report_of_a_day_has_sum_shares_and_bars(monitor: Any) -> None:
    """Three hours of two meters are six kWh, half of them each."""
    await monitor.add("a", interval_s=3600)
    await monitor.add("b", interval_s=3600)
    await run_hours(monitor, 4, "a", "b")
    page = await look(monitor, REPORTS_PAGE, period="day")
    assert page.failed == []
    assert "Energy 6.00 kWh" in page.text("sums")
    assert "Busiest hour 2.00 kW" in page.text("sums")
    rows = page.rows("meters")
    assert [row[:2] for row in rows] == [["a", "3.00"], ["b", "3.00"]]
    assert all(row[2].endswith("50.0 %") for row in rows)
    assert "Each bar is one hour" in page.text("energy")
    assert page.card("energy").css_first("svg") is not None


async def test_report_names_what_is_missing(monitor: Any) -> None:
    """Of a month that began long before the meter most is not known."""
    await monitor.add("a", interval_s=3600)
    await run_hours(monitor, 2, "a")
    page = await look(monitor, REPORTS_PAGE)
    assert "Of 1 of 1 meters under 95 %" in page.text("notes")
    assert "a 0 %" in page.text("notes")
    [way] = page.links("notes")
    assert way.startswith("/ui/consumption-monitor/quality?from=")
    assert "no meter has a tariff" in page.text("sums")


async def test_month_can_be_had_as_files(monitor: Any) -> None:
    """Print, PDF, workbook, CSV and JSON of the month that is shown."""
    page = await look(monitor, REPORTS_PAGE, date="2025-02-05")
    links = page.links("report")
    for ending in (".html", ".pdf", ".xlsx", ".csv", ""):
        assert f"{_MONTH}{ending}?month=2025-02" in links


async def test_report_of_a_group_has_its_members_only(monitor: Any) -> None:
    """The choice of the group stays in every other way."""
    group = await create_group(monitor.ctx, GroupBody(name="Rack 1"))
    await monitor.add("a", interval_s=3600, group_id=group.id)
    await monitor.add("b", interval_s=3600)
    await run_hours(monitor, 4, "a", "b")
    page = await look(monitor, REPORTS_PAGE, period="day", group=group.id)
    assert page.failed == []
    assert [row[0] for row in page.rows("meters")] == ["a"]
    assert "Energy 3.00 kWh" in page.text("sums")
    assert "Busiest hour 1.00 kW" in page.text("sums")
    ways = page.links("report")
    assert sum(f"group={group.id}" in way for way in ways) > len(ways) / 2


async def test_unknown_group_is_said_in_the_card(monitor: Any) -> None:
    """The other ways stay."""
    page = await look(monitor, REPORTS_PAGE, group=str(uuid4()))
    assert any("group" in words for words in page.failed)
    assert "month" in page.text("report")


async def test_history_draws_the_meters_of_the_address(monitor: Any) -> None:
    """A meter is left out and shown again by a link; the file is of what is drawn."""
    first = await monitor.add("a", interval_s=3600)
    await monitor.add("b", interval_s=3600)
    await run_hours(monitor, 6, "a", "b")
    page = await look(monitor, HISTORY_PAGE, meters=first.id, shift="1d")
    assert page.failed == []
    assert {row[0]: row[1] for row in page.rows("all-meters")} == {
        "a": "● shown",
        "b": "○ left out",
    }
    assert "a, the day before" in page.text("power")
    [file] = [way for way in page.links("what-is-shown") if ".csv" in way]
    assert file.count("endpointId=") == 1
    assert first.id in file


async def test_gaps_of_the_history_have_rows(monitor: Any) -> None:
    """Three hours without a reading are a gap, and not zero."""
    await monitor.add("a", interval_s=3600)
    await run_hours(monitor, 3, "a")
    monitor.clock.pass_by(hours=9)
    monitor.show("a", "120")
    await monitor.round()
    page = await look(monitor, HISTORY_PAGE)
    lengths = [row[3] for row in page.rows("gaps")]
    assert "9 h" in lengths


async def test_history_refuses_another_shift(monitor: Any) -> None:
    """Only the chart with the lines to compare with says so."""
    await monitor.add("a")
    page = await look(monitor, HISTORY_PAGE, shift="9y")
    [words] = page.failed
    assert "shift" in words


async def test_quality_tells_the_worst_day_first(monitor: Any) -> None:
    """With what was missing and why."""
    await monitor.add("a", interval_s=3600)
    await monitor.pool.execute(
        "update endpoint set created_at = $1", monitor.clock.now()
    )
    await run_hours(monitor, 3, "a")
    monitor.http.serve("http://meter.test/a", "oops", "text/plain", 500)
    for _ in range(3):
        monitor.clock.pass_by(hours=1)
        await monitor.round()
    page = await look(monitor, QUALITY_PAGE)
    assert page.failed == []
    [row] = page.rows("days")
    assert row[1] == "2025-03-10"
    assert row[6] == "http status"
    assert "Failed polls 3" in page.text("all-of-it")


async def test_proposed_event_waits_on_its_page(monitor: Any) -> None:
    """A register that fell is proposed as an event."""
    await monitor.add("a")
    for register in ("1000", "1001", "0.5", "0.6"):
        monitor.show("a", register)
        await monitor.round()
        monitor.clock.pass_by(minutes=5)
    page = await look(monitor, EVENTS_PAGE)
    assert page.failed == []
    [row] = page.rows("events")
    assert row[1] == "▲ proposed waits for a decision"
    assert row[2] == "a"


async def test_group_with_a_feed_says_what_is_not_metered(monitor: Any) -> None:
    """3 kWh of the feed, 2 of the meter behind it: 1 is not metered."""
    group = await create_group(monitor.ctx, GroupBody(name="Rack 1"))
    more = {"interval_s": 3600, "group_id": group.id}
    await monitor.add("a", external_ref="feed:a", **more)
    await monitor.add("b", **more)
    for hour in range(2):
        monitor.show("a", str(100 + 3 * hour))
        monitor.show("b", str(100 + 2 * hour))
        await monitor.round()
        monitor.clock.pass_by(hours=1)
    monitor.clock.pass_by(hours=-1)
    page = await look(monitor, REPORTS_PAGE, period="day", group=group.id)
    assert page.failed == []
    assert "Not metered 1.00 kWh" in page.text("sums")
    page = await look(monitor, REPORTS_PAGE, period="day")
    assert "Not metered" not in page.text("sums")


async def test_kept_reports_are_listed_with_their_files(monitor: Any) -> None:
    """Of the group that is shown, or of every meter."""
    monitor.clock.instant = datetime(2025, 2, 28, 12, tzinfo=UTC)
    await monitor.add("a", interval_s=3600)
    await run_hours(monitor, 3, "a")
    monitor.clock.instant = datetime(2025, 3, 2, 12, tzinfo=UTC)
    page = await look(monitor, REPORTS_PAGE)
    assert "by itself" in page.text("kept-reports")
    await make_reports(monitor.job(), ReportParams())
    page = await look(monitor, REPORTS_PAGE)
    [row] = page.rows("kept-reports")
    assert row[:2] == ["2025-02", "every meter"]
    assert any(each.endswith(".pdf") for each in page.links("kept-reports"))
