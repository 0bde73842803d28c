"""What happened to one endpoint: its polls, its changes, its failure in a browser."""

from __future__ import annotations

import json
from typing import Any

from looking import act, done, look

from nxforge_consumption_monitor.endpoints import change, edits
from nxforge_consumption_monitor.models import (
    AuthBody,
    EndpointChange,
    FailureRow,
)
from nxforge_consumption_monitor.pages import ENDPOINT_PAGE, ENDPOINTS_PAGE
from nxforge_consumption_monitor.store import RuleNote
from nxforge_consumption_monitor.store._failures import keep_failure

_HUSH = "hush-2"


async def test_polls_are_listed_the_newest_first(monitor: Any) -> None:
    """With what came of each."""
    view = await monitor.add("a")
    monitor.show("a", "5")
    await monitor.round()
    monitor.clock.pass_by(minutes=5)
    monitor.http.serve("http://meter.test/a", "oops", "text/plain", 500)
    await monitor.round()
    page = await look(monitor, ENDPOINT_PAGE, id=view.id, tab="polls")
    assert page.failed == []
    [newest, before] = page.rows("polls")
    assert newest[1].startswith("◆ ")
    assert "500" in newest[1]
    assert before[1] == "● read"
    assert "No poll failed in a browser" in page.text("failure")


async def test_failure_in_a_browser_is_shown_with_its_picture(monitor: Any) -> None:
    """The picture is asked for by the reader's own browser; the page is text."""
    view = await monitor.add("a")
    await keep_failure(
        monitor.ctx.db,
        FailureRow(
            endpoint_id=view.id,
            failed_at=monitor.clock.now(),
            outcome="parse_error",
            error="selector #kwh matched nothing",
            step=2,
            html="<b>maintenance</b>",
            screenshot=b"png",
        ),
    )
    page = await look(monitor, ENDPOINT_PAGE, id=view.id, tab="polls")
    image = page.card("failure").css_first("img")
    assert image is not None
    assert str(image.attributes["src"]).endswith(f"{view.id}/failure/screenshot")
    assert image.attributes["alt"]
    assert "selector #kwh matched nothing" in page.text("failure")
    assert "<b>maintenance</b>" in page.text("failure")


async def test_changes_name_who_and_what(monitor: Any) -> None:
    """From the list of endpoints as from the API; what is the same is no change."""
    view = await monitor.add("a", interval_s=60)
    by = RuleNote(by="anna")
    wanted = EndpointChange(interval_s=300, name="hall")
    await change(monitor.ctx, view.id, wanted, rule=by)
    await change(monitor.ctx, view.id, wanted, rule=by)
    many = {"nx-many": "disable"}
    done(await act(monitor, ENDPOINTS_PAGE, "endpoints", many, [view.id]))
    page = await look(monitor, ENDPOINT_PAGE, id=view.id, tab="settings")
    assert page.failed == []
    assert [row[1:] for row in page.rows("edits")] == [
        ["somebody", "enabled: yes → no"],
        ["anna", "name: a → hall; interval s: 60 → 300"],
    ]


async def test_changes_hold_no_secret(monitor: Any) -> None:
    """Neither a password nor what stood in a header."""
    view = await monitor.add("a", headers={"X-Key": "hush-1"})
    login = AuthBody(type="basic", username="u", secret=_HUSH)
    wanted = EndpointChange(headers={"X-Key": "hush-3"}, auth=login)
    await change(monitor.ctx, view.id, wanted)
    [found] = await edits(monitor.ctx, view.id)
    assert "hush" not in json.dumps(dict(found.changes))
    assert found.changes["headers"] == ("", "changed")
    assert found.changes["login"] == ("none", "basic u")
