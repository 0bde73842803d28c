"""Settings of one host, taken over by another."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from distributions import Site
from reading import Reading

Start = Callable[..., Awaitable[Any]]

PUMP = """
import msgspec

from nxforge_core.api import *


class PumpSettings(msgspec.Struct, frozen=True, kw_only=True):
    \"\"\"What the pump is told.

    Attributes:
        speed: Turns in a second.
        names: Of its valves.
        api_token: Of the pump.
    \"\"\"

    speed: int = 3
    names: tuple[str, ...] = ()
    api_token: str = ""


@hookimpl
def nxforge_settings():
    return SettingsSpec(PumpSettings)
"""
OWN = "/api/v1/plugins/pump/settings"
FILE = "/api/v1/settings/nxforge.toml"
IMPORT = "/api/v1/settings/import"
SENT = """
[server]
port = 9999
[log]
access = false
[plugin.pump]
speed = 7
names = ["north", "south"]
api_token = "swordfish"
[plugin.tank]
litres = 40
"""


class Admin(Reading):
    """An administrator of a host."""

    async def send(self, toml: str, *, apply: bool = False) -> Any:
        """What a settings file means; with `apply` what can be is changed."""
        body = {"toml": toml, "apply": apply}
        return await self._client.post(IMPORT, json=body, headers=self.headers)


@pytest.fixture
async def admin(start: Start, site: Site) -> Admin:
    """Of a host with a plugin that has settings."""
    site.add("pump", PUMP)
    host = await start("pump")
    return Admin(host.client, await host.bearer("admin"))


async def held(admin: Admin) -> dict[str, Any]:
    """Values of the plugin's settings."""
    data = (await admin.get(OWN)).json()["data"]
    return {each["name"]: each["value"] for each in data}


async def test_look_changes_nothing_and_says_what_would_be(admin: Admin) -> None:
    """What differs is told by where it is changed; what is the same is counted."""
    answer = await admin.send(SENT)

    assert answer.status_code == 200, answer.text
    assert answer.json()["data"] == {
        "changes": ["plugin.pump.speed", "plugin.pump.names", "plugin.pump.api_token"],
        "elsewhere": ["server.port"],
        "unknown": ["plugin.tank.litres"],
        "same": 1,
    }
    assert (await held(admin))["speed"] == 3


async def test_what_one_host_exports_another_takes(admin: Admin) -> None:
    """Stored settings of plugins travel in the file, secrets do not."""
    await admin.send(SENT, apply=True)
    after = await held(admin)
    exported = (await admin.get(FILE)).text
    again = await admin.send(exported)

    assert (after["speed"], after["names"]) == (7, ["north", "south"])
    assert "speed = 7" in exported
    assert "swordfish" not in exported
    assert again.json()["data"]["changes"] == []
    assert again.json()["data"]["elsewhere"] == []


async def test_value_that_does_not_fit_changes_nothing(admin: Admin) -> None:
    """Settings of a plugin are taken all or not at all; what is wrong is named."""
    wrong = "[plugin.pump]\nnames = ['a']\nspeed = 'fast'\n"
    refused = await admin.send(wrong, apply=True)
    broken = await admin.send("[plugin.pump\n")

    assert refused.status_code == broken.status_code == 400
    assert "speed" in refused.json()["error"]["message"]
    assert await held(admin) == {"speed": 3, "names": [], "api_token": None}


async def test_file_is_pasted_into_a_page(admin: Admin) -> None:
    """The form compares first; with its box it changes, and says so."""
    page, form = "/ui/nxforge/settings", {"toml": "[plugin.pump]\nspeed = 8\n"}

    looked = await admin.press(page, "import", **form)
    before = await held(admin)
    taken = await admin.press(page, "import", **form, apply="true")

    assert "Would change: plugin.pump.speed." in looked.text
    assert before["speed"] == 3
    assert "Changed: plugin.pump.speed." in taken.text
    assert (await held(admin))["speed"] == 8
