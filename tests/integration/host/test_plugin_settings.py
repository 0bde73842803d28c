"""Settings of plugins that change while hosts run."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from distributions import Site
from reading import Reading, words

Start = Callable[..., Awaitable[Any]]

PUMP = """
from typing import Annotated

import msgspec
from msgspec import Meta

from nxforge_core.api import *


class PumpSettings(msgspec.Struct, frozen=True, kw_only=True):
    \"\"\"What the pump is told.

    Attributes:
        speed: Turns in a second.
        names: Of its valves.
    \"\"\"

    speed: Annotated[int, Meta(ge=1, le=9)] = 3
    names: tuple[str, ...] = ()
    api_token: str = ""
    site: str = "hall"

    def __post_init__(self):
        if self.site == "mars":
            raise ValueError("no pump stands on mars")


TOLD = []


async def changed(ctx, before):
    TOLD.append((before.speed, ctx.settings.speed))
    if ctx.settings.speed == 9:
        raise RuntimeError("too fast")


async def tell(ctx: PluginContext[PumpSettings]) -> list[str]:
    now = ctx.settings
    return [str(now.speed), now.api_token, *now.names, repr(TOLD)]


@hookimpl
def nxforge_settings():
    return SettingsSpec(PumpSettings, changed=changed)


@hookimpl
def nxforge_routes():
    return [RouteSpec("GET", "/tell", tell, public=True)]
"""
NEWER = (
    PUMP.replace("speed: Annotated", "turns: Annotated")
    .replace(".speed", ".turns")
    .replace("changed=changed", "changed=changed, version=2, upgrade=upgrade")
    .replace(
        "TOLD = []",
        "TOLD = []\n\n\ndef upgrade(values, version):\n"
        "    assert version == 1\n"
        "    return {'turns': values.pop('speed', 3), **values}\n",
    )
)
PATH = "/api/v1/plugins/pump/settings"
PAGE = "/ui/nxforge/settings-of-pump"


@pytest.fixture
def pump(site: Site) -> Any:
    """The plugin `pump`, installed."""
    return site.add("pump", PUMP)


def replace(file: Path, text: str) -> None:
    """Write a file anew."""
    file.write_text(text, "utf-8")


async def admin_of(host: Any) -> Reading:
    """An administrator of a host."""
    return Reading(host.client, await host.bearer("admin"))


async def change(admin: Reading, host: Any, **body: Any) -> Any:
    """Change settings over the API."""
    return await host.client.patch(PATH, json=body, headers=admin.headers)


async def told(host: Any) -> list[str]:
    """What the plugin says of itself."""
    answer = await host.client.get("/api/v1/m/pump/tell")
    return list(answer.json()["data"])


async def until(host: Any, speed: str) -> None:
    """Wait at most a second until the plugin of a host has the speed."""
    async with asyncio.timeout(1):
        while (await told(host))[0] != speed:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.01)


async def listed(admin: Reading) -> dict[str, Any]:
    """All settings of the plugin by name."""
    data = (await admin.get(PATH)).json()["data"]
    return {each["name"]: each for each in data}


async def test_change_counts_in_every_process_and_the_plugin_is_told(
    start: Start, pump: Any
) -> None:
    """No restart; `changed` is called with what was before; a later start knows it."""
    assert pump
    first, second = await start("pump"), await start("pump")
    admin = await admin_of(first)
    answer = await change(
        admin, first, set={"speed": 5, "names": ["a", "b"], "apiToken": 1}
    )
    good = await change(
        admin, first, set={"speed": 5, "names": ["a", "b"], "api_token": "swordfish"}
    )
    await until(second, "5")
    later = await start("pump")

    assert answer.status_code == 404
    assert "it has speed, names, api_token, site" in answer.text
    assert good.status_code == 200
    assert "swordfish" not in good.text
    assert await told(first) == ["5", "swordfish", "a", "b", "[(3, 5), (3, 5)]"]
    assert (await told(later))[:2] == ["5", "swordfish"]


async def test_secret_is_sealed_and_shown_to_nobody(start: Start, pump: Any) -> None:
    """Neither the list, nor the page, nor the trail, nor the table has it."""
    assert pump
    host = await start("pump")
    admin = await admin_of(host)
    await change(admin, host, set={"api_token": "swordfish"})
    token = (await listed(admin))["api_token"]
    page = await admin.get(PAGE)
    settings = await admin.get("/api/v1/settings")
    database = host.running.core.database
    rows = await database.fetch("select plugin_setting::text from plugin_setting")
    trail = await database.fetch("select audit::text from audit")
    schema = (await admin.get(f"{PATH}/schema")).json()["data"]

    assert (token["value"], token["given"], token["source"]) == (
        None,
        True,
        "database",
    )
    assert len(rows) == 1
    assert "nx1:" in str(rows)
    assert any("settings.change" in str(row) for row in trail)
    everything = f"{page.text}{settings.text}{rows}{trail}{await listed(admin)}"
    assert "swordfish" not in everything
    assert schema["properties"]["api_token"]["writeOnly"] is True
    assert schema["properties"]["speed"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 9,
        "default": 3,
        "description": "Turns in a second.",
    }


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"speed": 11}, "a whole number from 1 to 9"),
        ({"site": "mars"}, "no pump stands on mars"),
        ({"site": "***"}, "stands for what is shown to nobody"),
    ],
)
async def test_value_that_does_not_fit_changes_nothing(
    start: Start, pump: Any, wrong: dict[str, Any], words: str
) -> None:
    """All or nothing, with the rule."""
    assert pump
    host = await start("pump")
    admin = await admin_of(host)
    answer = await change(admin, host, set={"names": ["a"], **wrong})

    assert answer.status_code == 400
    assert words in answer.text
    assert not any(each["given"] for each in (await listed(admin)).values())


async def test_what_a_file_says_is_changed_there(start: Start, pump: Any) -> None:
    """One place for each value; the others may change."""
    assert pump
    host = await start("pump", plugin={"pump": {"speed": 7}})
    admin = await admin_of(host)
    refused = await change(admin, host, set={"speed": 5})
    good = await change(admin, host, set={"site": "roof"})
    found = await listed(admin)
    page = await admin.see(PAGE)

    assert refused.status_code == 409
    assert "change it there" in refused.text
    assert good.status_code == 200
    assert (found["speed"]["value"], found["speed"]["fixed"]) == (7, True)
    assert (found["site"]["value"], found["site"]["source"]) == ("roof", "database")
    assert "The file or the environment says it." in words(page, "settings")


async def test_plugin_that_fails_with_its_settings_serves_on(
    start: Start, pump: Any
) -> None:
    """An error of `changed` is logged, and the settings count."""
    assert pump
    host = await start("pump")
    answer = await change(await admin_of(host), host, set={"speed": 9})

    assert answer.status_code == 200
    assert (await told(host))[0] == "9"


async def test_form_changes_what_was_entered_and_resets_it(
    start: Start, pump: Any
) -> None:
    """Types and limits are the struct's; an empty secret stays what it was."""
    assert pump
    host = await start("pump")
    admin = await admin_of(host)
    await change(admin, host, set={"api_token": "swordfish"})
    entered = {"speed": "4", "names": "a\nb", "api_token": "", "site": "hall"}
    wrong = await admin.press(PAGE, "settings", **{**entered, "speed": "12"})
    saved = await admin.press(PAGE, "settings", **entered)
    now = await told(host)
    again = await admin.press(PAGE, "settings", **entered)
    page = await admin.see(PAGE)
    sent = {"nx-act": "reset", "nx-many": "reset", "key": "speed"}
    reset = await admin.press(PAGE, "values", **sent)
    plugin = await admin.see("/ui/nxforge/plugin?id=pump")

    assert "from 1 to 9" in wrong.json()["fields"]["speed"]
    assert saved.json()["message"].startswith("Saved.")
    assert now[:4] == ["4", "swordfish", "a", "b"]
    assert again.json()["message"] == "Nothing is another than before."
    assert "speed 4 ● database" in words(page, "values")
    assert reset.status_code == 200, reset.text
    assert (await told(host))[0] == "3"
    assert plugin.css_first("a[href*='settings-of-pump']") is not None


async def test_console_lists_sets_and_unsets(
    start: Start, pump: Any, nxforge: Any
) -> None:
    """The plugin need not be enabled; a running host takes it over at once."""
    assert pump
    host = await start("pump")
    done = await nxforge("settings", "set", "pump", "speed=6", "names=x, y")
    await until(host, "6")
    shown = await nxforge("settings", "list", "pump")
    one = await nxforge("settings", "get", "pump", "names")
    wrong = await nxforge("settings", "set", "pump", "speed=60", expected=2)
    gone = await nxforge("settings", "unset", "pump", "--all")
    await until(host, "3")

    assert done == "set speed, names\n"
    assert "speed      6          database" in shown
    assert one == '["x","y"]\n'
    assert "expected a whole number from 1 to 9" in wrong
    assert gone == "unset names, speed\n"


async def test_upgrade_of_the_plugin_takes_its_settings_along(
    start: Start, pump: Path, site: Site
) -> None:
    """What was stored of an older version is made that of the new one, once."""
    host = await start("pump")
    await change(await admin_of(host), host, set={"speed": 5, "site": "roof"})
    site.forget()
    replace(pump / "plugin.py", NEWER)
    newer = await start("pump")
    database = newer.running.core.database
    rows = await database.fetch(
        "select name, value, version from plugin_setting order by name"
    )

    assert (await told(newer))[0] == "5"
    assert [tuple(row) for row in map(dict.values, map(dict, rows))] == [
        ("site", "roof", 2),
        ("turns", 5, 2),
    ]


async def test_settings_of_plugins_are_for_administrators(
    start: Start, pump: Any
) -> None:
    """Neither seen nor changed by others."""
    assert pump
    host = await start("pump")
    operator = Reading(host.client, await host.bearer("operator"))
    changed = await change(operator, host, set={"speed": 5})

    assert [await operator.status(path) for path in (PATH, PAGE)] == [403, 403]
    assert changed.status_code == 403
