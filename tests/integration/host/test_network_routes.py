"""The allow-list over HTTP, from the console, and in every process."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from nxforge_core.security.audit import AuditFilter
from nxforge_core.settings import NetworkSettings

Start = Callable[..., Awaitable[Any]]

PATH = "/api/v1/networks"


async def until(host: Any, address: str, *, allowed: bool) -> None:
    """Wait at most a second until the host's list says so."""
    async with asyncio.timeout(1):
        while (host.running.networks.refusal(address, 80) is None) is not allowed:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.01)


async def test_change_counts_in_every_process(start: Start) -> None:
    """What one host is told the other one knows within a second, both ways."""
    first, second = await start(), await start()
    admin = await first.bearer("admin")
    made = await first.client.post(PATH, json={"entry": "10.20.0.0/16"}, headers=admin)
    await until(second, "10.20.0.7", allowed=True)
    path = f"{PATH}/{made.json()['data']['id']}"
    gone = await first.client.delete(path, headers=admin)
    await until(second, "10.20.0.7", allowed=False)
    later = await start()

    assert (made.status_code, gone.status_code) == (201, 204)
    assert later.running.networks.refusal("10.20.0.7", 80) == "not in network.allow"


async def test_list_tells_where_each_entry_comes_from(start: Start) -> None:
    """Those of the settings have no id and stay."""
    host = await start(network=NetworkSettings(allow=("10.9.0.0/16:80",)))
    admin = await host.bearer("admin")
    body = {"entry": "10.20.0.7:8080", "note": "rack A"}
    await host.client.post(PATH, json=body, headers=admin)
    answer = await host.client.get(PATH, headers=await host.bearer("operator"))
    fixed, stored = answer.json()["data"]

    assert (fixed["entry"], fixed["source"], fixed["id"]) == (
        "10.9.0.0/16:80",
        "settings",
        None,
    )
    assert (stored["entry"], stored["note"], stored["source"]) == (
        "10.20.0.7:8080",
        "rack A",
        "stored",
    )
    assert stored["createdBy"] == "admin of a test"


@pytest.mark.parametrize(
    ("address", "port", "allowed", "words"),
    [
        ("10.9.0.1", 80, True, ""),
        ("10.9.0.1", 81, False, "nxforge network allow 10.9.0.1:81"),
        ("127.0.0.1", 80, False, "name the address itself"),
        ("169.254.169.254", 80, False, "no entry of network.allow opens this one"),
        ("meter.test", 80, False, "not an address"),
    ],
)
async def test_addresses_are_tried_without_a_connection(
    start: Start, address: str, port: int, words: str, *, allowed: bool
) -> None:
    """Allowed or not, why, and what would open it."""
    host = await start(network=NetworkSettings(allow=("10.9.0.0/16:80",)))
    answer = await host.client.get(
        f"{PATH}/check",
        params={"address": address, "port": port},
        headers=await host.bearer("operator"),
    )
    told = answer.json()["data"]

    assert told["allowed"] is allowed
    assert words in f"{told['why']} {told['remedy']}"


async def test_wrong_entries_are_named(start: Start) -> None:
    """The answer says which entry and what to write instead."""
    host = await start()
    admin = await host.bearer("admin")

    async def refused(**body: object) -> tuple[int, str, str]:
        answer = await host.client.post(PATH, json=body, headers=admin)
        error = answer.json()["error"]
        return answer.status_code, error["code"], error["message"]

    assert await refused(entry="10.20.0.5/16") == (
        400,
        "network_entry",
        "the entry '10.20.0.5/16' of network.allow has bits set behind its prefix",
    )
    assert (await refused(entry="127.0.0.1", note="a\nb"))[:2] == (400, "invalid_input")
    await host.client.post(PATH, json={"entry": "127.0.0.1"}, headers=admin)
    assert (await refused(entry="127.0.0.1/32"))[:2] == (409, "duplicate_network")
    gone = await host.client.delete(f"{PATH}/77", headers=admin)
    assert gone.json()["error"]["code"] == "not_found"


@pytest.mark.timeout(60)  # four processes
async def test_commands_change_the_list_of_a_running_host(
    start: Start, nxforge: Callable[..., Awaitable[str]]
) -> None:
    """It follows at once, and the trail names who was at the console."""
    host = await start()
    told = await nxforge("network", "allow", "10.20.0.0/16", "--note", "hall 1")
    await until(host, "10.20.0.7", allowed=True)
    listed = await nxforge("network", "list")
    await nxforge("network", "remove", "10.20.0.0/16")
    await until(host, "10.20.0.7", allowed=False)
    wrong = await nxforge("network", "allow", "10.20.0.7/16", expected=2)
    rows = await host.running.security.audit.list(AuditFilter(action="networks"))

    assert told == "allowed 10.20.0.0/16\n"
    assert re.search(r"10\.20\.0\.0/16 +hall 1 +console:", listed)
    assert "hint: write 10.20.0.0/16 or 10.20.0.7" in wrong
    assert [row.action for row in rows] == ["networks.remove", "networks.allow"]
