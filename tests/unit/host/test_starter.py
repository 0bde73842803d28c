"""Plugins that come to work while the database goes away and comes back."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from nxforge_core.database import DatabaseUnavailableError
from nxforge_core.host._access import Access
from nxforge_core.host._rooms import Rooms
from nxforge_core.host._starter import Starter
from nxforge_core.plugins import Ledger, unnoted
from nxforge_core.security.people import CookieNames
from nxforge_core.services import SystemClock

_GONE = DatabaseUnavailableError("db", "it crashed")


class Flaky:
    """Corners and the core's pool, each away for some questions."""

    def __init__(self, corners: int, core: int) -> None:
        self.corners, self.core = corners, core

    async def open(self, _plugin: Any) -> str:
        """A plugin's pool."""
        self.corners -= 1
        if self.corners >= 0:
            raise _GONE
        return "pool"

    async def fetchval(self, _sql: str) -> int:
        """The core's own question."""
        self.core -= 1
        if self.core >= 0:
            raise _GONE
        return 1


class Shelf(dict[str, Any]):
    """An inventory, as far as starting sees it."""

    def quarantine(self, plugin: str, _problem: Any) -> None:
        """Note it."""
        self[plugin].state = "quarantined"

    def running(self, plugin: str) -> None:
        """Note it."""
        self[plugin].state = "running"


class StillBook:
    """Settings of nobody."""

    async def open(self, _plugin: str, _spec: Any) -> None:
        """Nothing is set."""


def _starter(flaky: Flaky, shelf: Shelf) -> Starter:
    unused: Any = None
    core: Any = SimpleNamespace(
        database=flaky, keys=SimpleNamespace(for_plugin=lambda _: None)
    )
    people: Any = None
    corners: Any = flaky
    inventory: Any = shelf
    book: Any = StillBook()
    jobs: Any = SimpleNamespace(begin=lambda _: None)
    return Starter(
        book=book,
        core=core,
        corners=corners,
        inventory=inventory,
        access=Access(people, CookieNames("0badcafe")),
        http=unused,
        browser=unused,
        runner=unused,
        jobs=jobs,
        hub=unused,
        streams=unused,
        clock=SystemClock(),
        lifespans=unused,
        during=unnoted,
        ledger=Ledger(),
        rooms=Rooms(core.database, Path("nowhere"), 0, SystemClock()),
    )


@pytest.fixture
def shelf() -> Shelf:
    """One plugin, enabled."""
    specs = SimpleNamespace(settings=None, routes=(), lifespan=None)
    meter = SimpleNamespace(
        id="meter",
        distribution="nx",
        version="1",
        specs=specs,
        manifest=None,
        state="enabled",
        folder=Path("nowhere"),
        package="cast_meter",
    )
    return Shelf(meter=meter)


async def test_start_fails_as_a_whole_when_the_host_has_no_database_either(
    shelf: Shelf,
) -> None:
    """An outage is no plugin's fault: the start is tried again, with the plugin."""
    starter = _starter(Flaky(corners=1, core=1), shelf)
    with pytest.raises(DatabaseUnavailableError):
        await starter.start(shelf["meter"])
    assert shelf["meter"].state == "enabled"


async def test_plugin_starts_when_its_database_is_back(shelf: Shelf) -> None:
    """A moment's outage that is over is tried once more, and forgotten."""
    starter = _starter(Flaky(corners=1, core=0), shelf)
    assert await starter.start(shelf["meter"]) is not None
    assert shelf["meter"].state == "running"


async def test_plugin_is_quarantined_when_only_its_own_database_fails(
    shelf: Shelf,
) -> None:
    """A plugin that breaks its connection each time stops no other plugin's start."""
    starter = _starter(Flaky(corners=2, core=0), shelf)
    assert await starter.start(shelf["meter"]) is None
    assert shelf["meter"].state == "quarantined"
