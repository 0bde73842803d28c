"""Events between three real processes: streams, a durable handler, kills, an end."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from distributions import Site
from hosts import Host, Installation, until
from matrix import Fault

_TELLER = """
import asyncio

from nxforge_core.api import *


async def say(ctx: PluginContext, number: int) -> str:
    await ctx.events.publish("teller.said", {"number": number, "secret": False})
    await ctx.events.publish("teller.whispered", {"number": number})
    return "said"


async def stream(ctx: PluginContext, least: int = 0) -> EventStream:
    return EventStream(
        names=("teller.*", "module.*"),
        first={"least": least},
        keep=lambda event: event.data.get("number", -1) >= least,
    )


async def store(ctx, event):
    await asyncio.sleep(0.05)
    await ctx.db.execute("insert into heard values ($1, $2)", event.id,
                         event.data["number"])


@hookimpl
def nxforge_events():
    return [SubscriptionSpec("teller.said", store, durable=True)]


@hookimpl
def nxforge_routes():
    return [
        RouteSpec("POST", "/say", say, permission="teller:words:write"),
        RouteSpec("GET", "/stream", stream, permission="teller:words:read"),
    ]


@hookimpl
def nxforge_migrations():
    return MigrationsSpec(__package__)
"""
_MANIFEST = {
    "permissions": [
        {"name": "teller:words:read", "description": "Hear.", "roles": ["viewer"]},
        {"name": "teller:words:write", "description": "Speak."},
    ],
    "events": {
        "emits": [
            {"name": "teller.said", "permission": "teller:words:read"},
            {"name": "teller.whispered"},
        ],
        "listens": ["teller.said"],
    },
}
_TABLE = "create table heard (id text not null, number integer not null);"


class Ear:
    """Reads a stream in a thread of its own."""

    def __init__(self, client: httpx.Client, path: str, last: str = "") -> None:
        self.events: list[tuple[str, Any]] = []
        self.times: list[float] = []
        self.ids: list[str] = []
        self.status = 0
        self.over = threading.Event()
        self._client, self._path = client, path
        self._headers = {"last-event-id": last} if last else {}
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def names(self) -> list[str]:
        """What was heard."""
        return [name for name, _ in self.events]

    def numbers(self) -> list[int]:
        """The numbers that were said."""
        return [d["data"]["number"] for name, d in self.events if name == "teller.said"]

    def _read(self) -> None:
        name = ""
        try:
            with self._client.stream(
                "GET", self._path, headers=self._headers, timeout=60
            ) as answer:
                self.status = answer.status_code
                for line in answer.iter_lines():
                    key, _, value = line.partition(": ")
                    if key == "event":
                        name = value
                    elif key == "id":
                        self.ids.append(value)
                    elif key == "data":
                        self.events.append((name, json.loads(value)))
                        self.times.append(time.monotonic())
        except httpx.HTTPError:
            pass
        finally:
            self.over.set()


@pytest.fixture
def hosts(installation: Installation, tmp_path: Path) -> list[Host]:
    """Three servers with the plugin."""
    site = Site(tmp_path / "site")
    files = {"migrations/001_create_heard.sql": _TABLE}
    site.add("teller", _TELLER, manifest=_MANIFEST, files=files)
    installation.command.path.append(str(site.folder))
    installation.configure("teller")
    return [installation.serve().ready() for _ in range(3)]


@contextmanager
def ears(
    installation: Installation, hosts: list[Host], token: str, path: str
) -> Iterator[list[Ear]]:
    """One listening at each server, from its first event or line on."""
    clients = [installation.client(host, token) for host in hosts]
    made = [Ear(client, path) for client in clients]
    until(lambda: all(ear.status for ear in made))
    yield made
    for client in clients:
        client.close()


def say(client: httpx.Client, number: int) -> None:
    """Publish in one process."""
    answer = client.post(f"/api/v1/m/teller/say?number={number}")
    assert answer.status_code == 200, answer.text


def test_event_is_seen_by_consumers_of_all_processes(
    installation: Installation, hosts: list[Host]
) -> None:
    """Within a second, by whoever holds its permission; who was away catches up."""
    token, viewer = installation.command.token(), installation.command.token("viewer")
    path = "/api/v1/events?names=teller.*,job.*"
    with (
        installation.client(hosts[0], token) as speaker,
        ears(installation, hosts, viewer, path) as heard,
    ):
        began = time.monotonic()
        say(speaker, 1)
        assert until(lambda: all(ear.numbers() == [1] for ear in heard), 5)
        assert max(ear.times[-1] for ear in heard) - began < 1
        say(speaker, 2)
        assert until(lambda: all(ear.numbers() == [1, 2] for ear in heard), 5)
        # Without a permission in the manifest no consumer sees it.
        assert {name for ear in heard for name in ear.names()} == {"teller.said"}

        with installation.client(hosts[1], viewer) as other:
            late = Ear(other, path, last=heard[2].ids[0])
            assert until(lambda: late.numbers() == [2], 5)
            recent = other.get("/api/v1/events/recent?names=teller.*").json()["data"]
            assert [event["data"]["number"] for event in recent] == [2, 1]
            wrong = other.get("/api/v1/events?names=Teller")
            assert wrong.status_code == 400
            assert "'job.*'" in wrong.json()["remedy"]
            assert httpx.get(f"{hosts[1].base}/api/v1/events").status_code == 401


def test_stream_of_a_plugin_begins_with_what_is_and_ends_with_the_host(
    installation: Installation, hosts: list[Host]
) -> None:
    """The plugin filters its own events; SIGTERM ends open streams with a word."""
    token = installation.command.token()
    path = "/api/v1/m/teller/stream?least=5"
    with (
        installation.client(hosts[0], token) as speaker,
        ears(installation, hosts, token, path) as heard,
    ):
        assert until(lambda: all(ear.names() == ["first"] for ear in heard), 5)
        assert heard[0].events[0][1] == {"least": 5}
        for number in (4, 5, 6):
            say(speaker, number)
        assert until(lambda: all(ear.numbers() == [5, 6] for ear in heard), 5)
        assert "module.running" not in heard[0].names()

        began = time.monotonic()
        codes = installation.stop()
        took = time.monotonic() - began

        assert codes == [0, 0, 0]
        assert took < 10
        for ear in heard:
            assert ear.over.wait(5)
            assert ear.events[-1][0] == "end"
            assert ear.events[-1][1]["reason"] == "stop"


@pytest.mark.fault(
    "F1e", "kill -9 of processes that handle events", short=3, long=60, share=0.3
)
def test_durable_events_survive_kills(
    fault: Fault, installation: Installation, hosts: list[Host]
) -> None:
    """Each is handled at least once, whoever dies, and nothing stays behind."""
    token = installation.command.token()
    said: list[int] = []
    held = "select holder from nxforge.event_delivery where holder is not null"
    assert len(hosts) == 3
    for _ in range(fault.times):
        speaker = fault.chance.choice(installation.running)
        with installation.client(speaker, token) as client:
            for _ in range(20):
                say(client, len(said))
                said.append(len(said))
        until(lambda: installation.query(held), 5)
        victim = fault.chance.choice(installation.running)
        before = len(installation.query(held))
        fault.inject(victim.kill)
        if before and not victim.alive:
            fault.landed()
            installation.again(victim).ready()
    count = "select count(*) from nxforge.event_delivery"
    until(lambda: installation.query(count)[0][0] == 0, 60)

    heard = {n for (n,) in installation.query("select number from nxp_teller.heard")}
    fault.figure("events lost", len(set(said) - heard), limit=0)
    fault.figure("events left", int(installation.query(count)[0][0]), limit=0)
