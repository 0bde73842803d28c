"""What tests of plugins get: hosts, time, devices."""

from __future__ import annotations

import statistics
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from distributions import Site

from nxforge_core.database import ServerAddress
from nxforge_core.plugins import PluginProblemError
from nxforge_core.testing import Answer, Databases, Device, FrozenClock, Hosts, Request

NOTES = """
from nxforge_core.api import *


async def add(ctx: PluginContext) -> int:
    await ctx.db.execute("insert into note values ($1)", ctx.clock.now())
    await ctx.events.publish("notes.added", {"at": ctx.clock.now().isoformat()})
    return await ctx.db.fetchval("select count(*) from note")


async def read(ctx: JobContext, params: NoParams) -> Outcome:
    answer = await ctx.http.fetch(HttpRequest(url=ctx.settings.address))
    return Outcome.ok({"status": answer.status})


import msgspec


class Wishes(msgspec.Struct, frozen=True):
    address: str = ""


@hookimpl
def nxforge_settings():
    return SettingsSpec(Wishes)


@hookimpl
def nxforge_routes():
    return [RouteSpec("POST", "/notes", add, permission="notes:write")]


@hookimpl
def nxforge_jobs():
    return [JobSpec(name="read", title="Read", handler=read)]


@hookimpl
def nxforge_migrations():
    return MigrationsSpec(__package__)
"""
MANIFEST = {
    "permissions": [
        {"name": "notes:write", "description": "Write.", "roles": ["operator"]}
    ],
    "events": {"emits": [{"name": "notes.added"}]},
}
FILES = {"migrations/001_create_note.sql": "create table note (at timestamptz);"}


@pytest.fixture
def hosts(
    site: Site, server: ServerAddress, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Hosts]:
    """Hosts that find the plugin `notes`."""
    monkeypatch.syspath_prepend(str(site.folder))
    site.add("notes", NOTES, manifest=MANIFEST, files=FILES)
    made = Hosts(server, site)
    yield made
    made.close()
    site.forget()


@pytest.fixture
def site(tmp_path: object) -> Site:
    """An empty site-packages folder."""
    return Site(tmp_path / "site")  # type: ignore[operator]


async def test_each_host_begins_with_empty_tables(hosts: Hosts) -> None:
    """What one test stores, the next one does not find."""
    for _ in range(3):
        async with hosts("notes") as host:
            answer = await host.post("/notes", role="operator")
            assert answer.json()["data"] == 1, answer.text


async def test_roles_events_and_time_are_the_tests(hosts: Hosts) -> None:
    """A viewer is refused, an event is captured, the clock stands still."""
    clock = FrozenClock(datetime(2026, 3, 29, 1, 30, tzinfo=UTC))
    async with hosts("notes", clock=clock) as host:
        refused = await host.post("/notes", role="viewer")
        nobody = await host.post("/notes", role=None)
        await host.post("/notes", role="operator")
        stored = await host.context().db.fetchval("select at from note")

    assert (refused.status_code, nobody.status_code) == (403, 401)
    told = [event for event in host.events if event.name == "notes.added"]
    assert told[0].data == {"at": "2026-03-29T01:30:00+00:00"}
    assert stored == clock.now()


async def test_job_reads_a_device(hosts: Hosts) -> None:
    """A run asks the device that the settings name, and its result is there."""
    with Device() as device:
        device.says("/status", {"celsius": 21.5})
        settings = {"address": device.url("/status")}
        async with hosts("notes", settings=settings) as host:
            run = await host.run_job("read")

    assert (run.state, run.result) == ("succeeded", {"status": 200}), run.error
    assert [each.path for each in device.asked] == ["/status"]


@pytest.mark.long
async def test_host_after_the_first_is_cheap(hosts: Hosts) -> None:
    """A host of a test costs less than 50 ms of the processor, the first aside."""
    costs = []
    for _ in range(9):
        began = time.process_time()
        async with hosts("notes"):
            pass
        costs.append(time.process_time() - began)

    assert statistics.median(costs[1:]) < 0.05, costs


async def test_plugin_that_does_not_run_is_an_error(hosts: Hosts, site: Site) -> None:
    """A test of a plugin that is broken fails with why, and not later."""
    site.add("broken", "raise RuntimeError('no luck')")

    with pytest.raises(PluginProblemError, match="no luck"):
        async with hosts("broken"):
            pass


async def test_next_database_is_ready_and_the_last_one_gone(
    server: ServerAddress,
) -> None:
    """Nothing that was made, ahead or not, stays on the server."""
    databases = Databases(server)
    with databases.fresh() as first, databases.fresh() as second:
        assert first.database != second.database
    databases.close()

    left = Databases(server)
    with left.fresh() as address:
        names = {first.database, second.database}
        assert address.database not in names
    left.close()


def test_clock_goes_only_when_told() -> None:
    """It stands, is advanced, and is put back without time running backwards."""
    clock = FrozenClock(datetime(2026, 1, 1, tzinfo=UTC))
    began = clock.monotonic()

    clock.advance(30, minutes=1)
    assert clock.now() == datetime(2026, 1, 1, 0, 1, 30, tzinfo=UTC)
    clock.set(datetime(2025, 1, 1, tzinfo=UTC))

    assert clock.now() == datetime(2025, 1, 1, tzinfo=UTC)
    assert clock.monotonic() - began == 90


def test_device_says_what_it_is_told_to() -> None:
    """Text, bytes, JSON, a status, a function: and 404 for what nobody taught it."""

    def count(request: Request) -> Answer:
        return Answer(f"{request.method} {len(request.body)}")

    with Device() as device:
        device.says("/html", "<p>1</p>")
        device.says("/bytes", b"\x00\x01")
        device.says("/busy", Answer("later", status=503, headers={"retry-after": "1"}))
        device.says("/count", count)
        assert _ask(device, "/html") == (200, b"<p>1</p>")
        assert _ask(device, "/bytes?x=1") == (200, b"\x00\x01")
        assert _ask(device, "/busy") == (503, b"later")
        assert _ask(device, "/count", b"1234") == (200, b"POST 4")
        assert _ask(device, "/other")[0] == 404


def _ask(device: Device, path: str, body: bytes | None = None) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(device.url(path), body, timeout=5) as answer:  # noqa: S310 - on loopback
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()
