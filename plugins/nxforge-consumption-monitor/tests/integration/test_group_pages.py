"""Groups are made, filled and billed on their pages."""

from __future__ import annotations

from typing import Any

from looking import act, done, look

from nxforge_consumption_monitor.endpoints import show
from nxforge_consumption_monitor.pages import GROUP_PAGE, GROUPS_PAGE
from nxforge_core.ui import Trouble


async def made(monitor: Any) -> str:
    """The id of a new group."""
    fields = {"name": "Rack 1", "kind": "rack"}
    go = done(await act(monitor, GROUPS_PAGE, "add-a-group", fields)).go
    assert go is not None
    return str(go.params["id"])


async def test_group_is_added_and_deleted(monitor: Any) -> None:
    """One with a meter stays, and the words say why."""
    key = await made(monitor)
    page = await look(monitor, GROUPS_PAGE)
    assert page.failed == []
    assert page.rows("groups")[0][0] == "Rack 1"
    endpoint = await monitor.add("a", group_id=key)
    one = {"nx-one": f"delete:{key}"}
    refused = await act(monitor, GROUPS_PAGE, "groups", one)
    assert isinstance(refused, Trouble)
    assert "1 endpoints" in refused.message
    await monitor.pool.execute(
        "update endpoint set group_id = null where id = $1", endpoint.id
    )
    done(await act(monitor, GROUPS_PAGE, "groups", one))
    assert (await look(monitor, GROUPS_PAGE)).rows("groups") == []


async def test_meters_are_put_in_and_taken_out(monitor: Any) -> None:
    """Several at once, and what feeds them is said of them."""
    ids = [(await monitor.add(name)).id for name in ("a", "b")]
    key = await made(monitor)
    many = {"nx-many": "in"}
    said = done(await act(monitor, GROUP_PAGE, "others", many, ids, id=key)).message
    assert said == "2 meters are in Rack 1 now."
    feed = {"nx-many": "feed-b"}
    done(await act(monitor, GROUP_PAGE, "members", feed, ids[:1], id=key))
    page = await look(monitor, GROUP_PAGE, id=key)
    assert page.failed == []
    assert [row[1:3] for row in page.rows("members")] == [["a", "B"], ["b", ""]]
    none = {"nx-many": "feed-none"}
    done(await act(monitor, GROUP_PAGE, "members", none, ids[:1], id=key))
    assert (await show(monitor.ctx, ids[0])).external_ref is None
    out = {"nx-many": "out"}
    done(await act(monitor, GROUP_PAGE, "members", out, ids, id=key))
    assert (await look(monitor, GROUP_PAGE, id=key)).rows("members") == []


async def test_group_is_changed(monitor: Any) -> None:
    """Its zone and its kind; what the form holds at first is what is stored."""
    key = await made(monitor)
    fields = {"name": "ACME", "kind": "client", "zone": "Europe/Berlin"}
    done(await act(monitor, GROUP_PAGE, "change", fields, id=key))
    page = await look(monitor, GROUP_PAGE, id=key)
    assert "ACME" in page.text("group")
    assert "Europe/Berlin" in page.text("group")
    chosen = page.card("change").css_first("[name=kind] [selected]")
    assert chosen is not None
    assert chosen.text() == "client"


async def test_group_that_is_not_there_is_said(monitor: Any) -> None:
    """An address that names none breaks no other card."""
    page = await look(monitor, GROUP_PAGE)
    assert page.failed
    assert page.has("members")
