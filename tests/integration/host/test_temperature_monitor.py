"""The temperature monitor in a whole host, beside the consumption monitor."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from importlib.metadata import distribution
from typing import Any

import msgspec
import pytest

from nxforge_core.host import NxForge
from nxforge_core.settings import PluginSettings, Settings

API = "/api/v1/m/temperature-monitor"
BOTH = ("consumption-monitor", "temperature-monitor")


@pytest.fixture
async def beside(settings: Settings) -> AsyncIterator[NxForge]:
    """A host with both of this repository's plugins."""
    app = NxForge(
        msgspec.structs.replace(settings, plugins=PluginSettings(enable=BOTH)),
        distributions=[distribution(f"nxforge-{name}") for name in BOTH],
    )
    async with app:
        yield app


async def tables(app: NxForge, plugin: str) -> list[tuple[str, int]]:
    """Tables of a plugin's schema with their numbers of columns."""
    running = await app.start()
    rows = await running.core.database.fetch(
        "select table_name, count(*) from information_schema.columns"
        " where table_schema = $1 group by 1 order by 1",
        f"nxp_{plugin.replace('-', '_')}",
    )
    return [(row["table_name"], row["count"]) for row in rows]


async def test_pages_and_routes_answer_beside_the_other_plugin(
    beside: NxForge, speak: Callable[..., Any]
) -> None:
    """Sensors are added, measure, alarm, and are seen; both plugins run."""
    running = await beside.start()
    token = await running.security.tokens.create("a test", "operator")
    bearer = {"authorization": f"Bearer {token.text}"}
    async with speak(beside, headers=bearer) as client:
        sensor = {"name": "room", "high": 30}
        made = await client.post(f"{API}/sensors", json=sensor)
        hot = {"sensor": "room", "celsius": 31.125}
        stored = await client.post(f"{API}/readings", json=hot)
        sensors = await client.get(f"{API}/sensors")
        alerts = await client.get(f"{API}/alerts", params={"only_open": True})
        refused = await client.post(f"{API}/sensors", json=sensor)
        pages = [
            await client.get(f"/ui/temperature-monitor/{name}")
            for name in ("temperatures", "sensor?name=room", "add")
        ]
        home = await client.get("/")

    assert (made.status_code, stored.status_code) == (201, 201)
    assert sensors.json()["data"][0]["celsius"] == 31.125
    assert alerts.json()["data"][0]["kind"] == "high"
    assert refused.status_code == 409
    assert [page.status_code for page in pages] == [200] * 3
    assert all("too hot" in page.text for page in pages[:2])
    assert "Hottest" in home.text
    assert [running.inventory[name].state for name in BOTH] == ["running"] * 2


async def test_sensors_are_managed_on_pages(
    beside: NxForge, speak: Callable[..., Any]
) -> None:
    """Added, changed, switched off and deleted by forms, without JavaScript."""
    running = await beside.start()
    token = await running.security.tokens.create("a test", "operator")
    bearer = {"authorization": f"Bearer {token.text}", "origin": "http://host"}
    page = "/ui/temperature-monitor"
    rule = {"kind": "json", "unit": "C", "interval_s": "60", "hysteresis": "0.5"}
    async with speak(beside, headers=bearer) as client:

        async def send(path: str, widget: str, **facts: str) -> Any:
            data = {"nx-widget": widget, **facts}
            return await client.post(f"{page}/{path}", data=data)

        added = await send("add", "add-a-sensor", name="hall", high="30", **rule)
        changed = await send("sensor?name=hall", "change", high="40", **rule)
        wrong = await send("sensor?name=hall", "change", high="4000", **rule)
        row = {"nx-sure": "1", "nx-one": "off:hall"}
        off = await send("temperatures", "sensors", **row)
        [hall] = (await client.get(f"{API}/sensors")).json()["data"]
        row["nx-one"] = "delete:hall"
        deleted = await send("temperatures", "sensors", **row)
        left = (await client.get(f"{API}/sensors")).json()["data"]

    answers = added, changed, wrong, off, deleted
    assert [each.status_code for each in answers] == [303, 303, 422, 303, 303]
    assert "between -273.15 and 999" in wrong.text
    assert (hall["high"], hall["enabled"], left) == (40, False, [])


async def test_removal_leaves_the_other_plugin_as_it_was(
    beside: NxForge, nxforge: Callable[..., Any], settings: Settings
) -> None:
    """What one brought goes with it; not a table of the other is touched."""
    monitor = await tables(beside, BOTH[0])
    before = await tables(beside, BOTH[1])
    await beside.stop()

    wanted = PluginSettings(enable=BOTH[:1])
    await nxforge("plugins", "remove", BOTH[1], "--yes")
    other = NxForge(
        msgspec.structs.replace(settings, plugins=wanted),
        distributions=[distribution(f"nxforge-{name}") for name in BOTH],
    )
    async with other:
        running = await other.start()
        state = running.inventory[BOTH[0]].state
        after = await tables(other, BOTH[0])
        gone = await tables(other, BOTH[1])

    assert [name for name, _ in before if not name.startswith(("_", "yoyo"))] == [
        "alert",
        "quarter",
        "reading",
        "sensor",
    ]
    assert (state, after, gone) == ("running", monitor, [])
