"""Hosts that start without plugins, and hosts that start with all or not at all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from distributions import Site

from nxforge_core.host import NxForge
from nxforge_core.host.lifecycle import NotAllServeError
from nxforge_core.settings import PluginSettings

GOOD = "from nxforge_core.api import *"
BROKEN = "raise RuntimeError('rotten')"


async def test_safe_host_starts_no_plugin_and_takes_words(
    start: Callable[..., Awaitable[Any]], site: Site
) -> None:
    """Nothing is imported, and what an admin enables starts with the next host."""
    site.add("good", GOOD)
    site.add("broken", BROKEN)
    plugins = PluginSettings(enable=("broken",), safe=True)
    host = await start(plugins=plugins)
    headers = await host.bearer("admin")

    said = await host.client.post("/api/v1/plugins/good/enable", headers=headers)

    assert (said.status_code, said.json()["data"]["state"]) == (200, "disabled")
    assert {each.id: each.state for each in host.running.plugins()} == {
        "good": "disabled",
        "broken": "disabled",
    }
    next_one = await start(plugins=PluginSettings())
    states = {each.id: each.state for each in next_one.running.plugins()}
    assert states == {"good": "running", "broken": "disabled"}


async def test_strict_host_starts_with_all_or_not_at_all(
    make: Callable[..., NxForge], site: Site
) -> None:
    """One that does not serve ends the start, and the error says which and why."""
    site.add("good", GOOD)
    site.add("broken", BROKEN)
    both = PluginSettings(enable=("good", "broken"), strict=True)
    one = PluginSettings(enable=("good",), strict=True)

    with pytest.raises(NotAllServeError, match=r"broken: .*rotten"):
        await make(plugins=both).start()
    async with make(plugins=one) as host:
        running = await host.start()

    assert {each.id: each.state for each in running.plugins()}["good"] == "running"
