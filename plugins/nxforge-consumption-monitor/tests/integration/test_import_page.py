"""Files are looked at before they are imported."""

from __future__ import annotations

from typing import Any

from looking import act, done, look

from nxforge_consumption_monitor.pages import imports_page
from nxforge_core.ui import Trouble

_FILE = "time;kWh\n2025-03-01T00:00Z;100\n2025-03-01T01:00Z;101\nnever;5\n"


async def test_file_is_looked_at_and_then_imported(monitor: Any) -> None:
    """A look stores nothing and tells the row that is not taken."""
    await monitor.add("a", interval_s=3600)
    page = imports_page()
    empty = await look(monitor, page)
    assert empty.failed == []
    assert "No file was imported yet" in empty.text("imports")
    entered = {"endpoint": "a", "text": _FILE, "time_format": "iso"}
    seen = done(await act(monitor, page, "file", entered))
    assert seen.go is not None
    preview = await look(monitor, page, **seen.go.params)
    assert preview.failed == []
    assert "Of 3 rows 2 are new" in preview.text("what-it-would-change")
    assert preview.rows("rejected")[0][0] == "4"
    assert await monitor.pool.fetchval("select count(*) from reading") == 0
    stored = done(await act(monitor, page, "import", **seen.go.params))
    assert stored.message == "2 readings of a are stored."
    assert await monitor.pool.fetchval("select count(*) from reading") == 2
    assert (await look(monitor, page)).rows("imports")[0][0] == "a"
    again = await act(monitor, page, "import", **seen.go.params)
    assert isinstance(again, Trouble)


async def test_file_that_is_too_long_for_the_page_is_refused(monitor: Any) -> None:
    """It is not cut: half a file would be half a history."""
    await monitor.add("a")
    entered = {"endpoint": "a", "text": _FILE * 2_000, "time_format": "iso"}
    outcome = await act(monitor, imports_page(), "file", entered)
    assert isinstance(outcome, Trouble)
    assert list(outcome.fields) == ["text"]
