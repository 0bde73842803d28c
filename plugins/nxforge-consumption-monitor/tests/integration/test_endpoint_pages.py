"""Endpoints: the list, and the page about one."""

from __future__ import annotations

from typing import Any

from looking import look

from nxforge_consumption_monitor.endpoints import remove
from nxforge_consumption_monitor.models import AuthBody
from nxforge_consumption_monitor.pages import ENDPOINT_PAGE, ENDPOINTS_PAGE
from nxforge_consumption_monitor.permissions import READ_READINGS


async def test_list_tells_address_state_and_share_of_good_polls(monitor: Any) -> None:
    """Half of the polls of the last day gave a reading."""
    await monitor.add("a", location="Rack 1")
    monitor.show("a", "5")
    await monitor.round()
    monitor.clock.pass_by(minutes=5)
    monitor.http.serve("http://meter.test/a", "oops", "text/plain", 500)
    await monitor.round()
    page = await look(monitor, ENDPOINTS_PAGE)
    assert page.failed == []
    [row] = page.rows("endpoints")
    assert row[1] == "a"
    assert "failing" in row[2]
    assert row[3:5] == ["http://meter.test/a", "5 min"]
    assert row[6].endswith("50.0 %")


async def test_list_without_an_endpoint_says_what_one_is(monitor: Any) -> None:
    """An empty list explains itself."""
    page = await look(monitor, ENDPOINTS_PAGE)
    assert "No endpoint yet" in page.text("endpoints")


async def test_archived_endpoint_is_shown_as_such(monitor: Any) -> None:
    """What was put away stays in the list, and its page is there."""
    endpoint = await monitor.add("a")
    monitor.show("a", "5")
    await monitor.round()
    await remove(monitor.ctx, endpoint.id)
    page = await look(monitor, ENDPOINTS_PAGE)
    assert "archived" in page.rows("endpoints")[0][2]
    one = await look(monitor, ENDPOINT_PAGE, id=endpoint.id)
    assert one.failed == []
    assert "archived" in one.text("now")


async def test_page_of_an_endpoint_tells_its_failures_by_reason(monitor: Any) -> None:
    """Each reason once, with how often, and in words."""
    endpoint = await monitor.add("a")
    monitor.show("a", "5")
    await monitor.round()
    for _ in range(2):
        monitor.clock.pass_by(minutes=20)
        monitor.http.serve("http://meter.test/a", "oops", "text/plain", 500)
        await monitor.round()
    page = await look(monitor, ENDPOINT_PAGE, id=endpoint.id)
    assert page.failed == []
    assert "failing" in page.text("now")
    [row] = page.rows("failures")
    assert row[:2] == ["http status", "2"]
    assert "500" in row[4]


async def test_readings_are_listed_with_their_quality(monitor: Any) -> None:
    """The newest first; a failed poll is a row that says why."""
    endpoint = await monitor.add("a")
    for register in ("100", "90000"):
        monitor.show("a", register)
        await monitor.round()
        monitor.clock.pass_by(minutes=5)
    page = await look(monitor, ENDPOINT_PAGE, id=endpoint.id, tab="readings")
    assert page.failed == []
    newest, oldest = page.rows("readings")
    assert newest[1].startswith("▲ suspect")
    assert oldest[1:4] == ["● measured", "100.000", "1.500"]


async def test_setup_is_shown_without_the_secret(monitor: Any) -> None:
    """The login's kind and name, and never with what."""
    auth = AuthBody(type="basic", username="reader", secret="hush-hush")  # noqa: S106 - of nothing
    endpoint = await monitor.add("a", auth=auth)
    page = await look(monitor, ENDPOINT_PAGE, id=endpoint.id, tab="settings")
    assert page.failed == []
    assert "basic as reader" in page.text("set-up")
    assert '"path": "kwh"' in page.text("rules")
    assert "hush-hush" not in page.text("set-up") + page.text("rules")


async def test_unknown_endpoint_is_said_in_the_card(monitor: Any) -> None:
    """An address that names none, or one that is not there, breaks nothing."""
    for params in ({}, {"id": "00000000-0000-4000-8000-000000000000"}):
        page = await look(monitor, ENDPOINT_PAGE, **params)
        assert page.failed
        assert all("endpoint" in words for words in page.failed)


async def test_setup_is_hidden_from_those_who_see_readings_only(monitor: Any) -> None:
    """Addresses and rules are for holders of their own permission."""
    endpoint = await monitor.add("a")
    page = await look(
        monitor,
        ENDPOINT_PAGE,
        lambda name: name == READ_READINGS,
        id=endpoint.id,
        tab="settings",
    )
    assert page.has("now")
    assert not page.has("set-up")
    assert not page.has("rules")
