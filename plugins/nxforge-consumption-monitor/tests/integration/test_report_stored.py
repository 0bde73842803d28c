"""Stored reports: made once, cited by their digest, a new version for new figures."""

from __future__ import annotations

from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

import msgspec
import pytest

from nxforge_consumption_monitor import routes
from nxforge_consumption_monitor.report import (
    ReportParams,
    make_reports,
)
from nxforge_core.api import UnknownItemError


async def _days(monitor: Any, start: datetime, count: int) -> str:
    view = await monitor.add("a", tz="Europe/Bucharest", interval_s=86_400)
    monitor.clock.instant = start
    for day in range(count):
        monitor.show("a", str(100 + day))
        await monitor.round()
        monitor.clock.pass_by(days=1)
    return str(view.id)


async def test_ended_month_is_stored_once_with_its_digest(monitor: Any) -> None:
    """The digest is that of the document, and of the same month asked for."""
    await _days(monitor, datetime(2025, 1, 31, 22, tzinfo=UTC), 29)
    made = await make_reports(monitor.job(), ReportParams())
    assert (made.stored, made.still_open) == (1, 0)
    [view] = await routes.list_reports(monitor.ctx, month="2025-02")
    assert (view.month, view.version, view.is_open) == (date(2025, 2, 1), 1, False)
    report = await routes.show_report(monitor.ctx, view.id)
    assert report.document.total.energy_kwh == 28
    encoder = msgspec.json.Encoder(decimal_format="number", order="sorted")
    assert sha256(encoder.encode(report.document)).hexdigest() == view.sha256
    asked = await routes.group_month(monitor.ctx, "all", month="2025-02")
    assert asked.sha256 == report.report.sha256
    again = await make_reports(monitor.job(), ReportParams())
    assert (again.stored, again.unchanged) == (0, 0)


async def test_open_report_is_made_again_until_it_is_final(monitor: Any) -> None:
    """A month whose last reading is missing says so; the final one is a new version."""
    await _days(monitor, datetime(2025, 1, 31, 20, tzinfo=UTC), 28)
    monitor.clock.instant = datetime(2025, 2, 28, 23, tzinfo=UTC)
    first = await make_reports(monitor.job(), ReportParams())
    same = await make_reports(monitor.job(), ReportParams())
    assert (first.stored, first.still_open) == (1, 1)
    assert (same.stored, same.unchanged, same.still_open) == (0, 1, 1)
    monitor.show("a", "130")
    await monitor.round()
    final = await make_reports(monitor.job(), ReportParams())
    assert (final.stored, final.still_open) == (1, 0)
    versions = await routes.list_reports(monitor.ctx)
    assert [(each.version, each.is_open) for each in versions] == [
        (2, False),
        (1, True),
    ]


async def test_restated_month_gets_a_new_version_when_asked_for(monitor: Any) -> None:
    """What was stored stays as it was."""
    await _days(monitor, datetime(2025, 1, 31, 22, tzinfo=UTC), 29)
    await make_reports(monitor.job(), ReportParams())
    await monitor.pool.execute(
        "update closed_rollup set energy_kwh = energy_kwh + 1 where grain = 'month'"
    )
    made = await make_reports(monitor.job(), ReportParams(month="2025-02"))
    assert made.stored == 1
    new, old = await routes.list_reports(monitor.ctx)
    assert new.sha256 != old.sha256
    stored = await routes.show_report(monitor.ctx, old.id)
    assert stored.document.total.energy_kwh == 28


async def test_unknown_report_is_named(monitor: Any) -> None:
    """It is no empty document."""
    with pytest.raises(UnknownItemError):
        await routes.show_report(monitor.ctx, 7)
