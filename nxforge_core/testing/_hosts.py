"""Hosts for tests: each on a copy of a database that a first one prepared."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import metadata
from importlib.metadata import Distribution
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import httpx
import msgspec

from nxforge_core.api import Clock
from nxforge_core.database import ServerAddress
from nxforge_core.host import Deadlines, NxForge
from nxforge_core.plugins import Owner, PluginProblemError, forget_modules
from nxforge_core.plugins._entries import read_entries
from nxforge_core.services import SystemClock
from nxforge_core.settings import (
    DatabaseSettings,
    JobSettings,
    LogSettings,
    NetworkSettings,
    PluginSettings,
    Settings,
)

from ._databases import Databases
from ._host import PluginHost
from ._server import quick_place

__all__ = ["Hosts"]


@dataclass(frozen=True, slots=True)
class _Template:
    database: ServerAddress
    data: Path


class Hosts:
    """Starts hosts, each on a database of its own.

    The first with some plugins makes their tables; that database is kept, and every
    later one begins as a copy of it: all migrations applied, nothing else in it.

    Args:
        server: Its login may create databases and roles.
        distributions: Where plugins are looked for; by default all that is installed.
        deadlines: How long plugins may take.
    """

    def __init__(
        self,
        server: ServerAddress,
        distributions: Iterable[Distribution] | None = None,
        deadlines: Deadlines | None = None,
    ) -> None:
        self._databases = Databases(server)
        self._distributions = distributions or _with_plugins()
        self._deadlines = deadlines
        self._folder = Path(mkdtemp(prefix="nxforge-test-", dir=quick_place()))
        self._templates: dict[tuple[str, ...], _Template] = {}

    def close(self) -> None:
        """Remove what was kept."""
        for template in self._templates.values():
            self._databases.drop(template.database)
        self._databases.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    @asynccontextmanager
    async def __call__(
        self,
        *plugins: str,
        clock: Clock | None = None,
        settings: Mapping[str, Any] | None = None,
        check: bool = True,
    ) -> AsyncIterator[PluginHost]:
        """A host with these plugins, in an asynchronous `with`.

        Args:
            plugins: Ids; requirements are to be named, too.
            clock: What time is; by default the real one.
            settings: Of the first plugin, as the settings file has them.
            check: Raise where one of the plugins does not run.

        Raises:
            PluginProblemError: one of the plugins does not run.
        """
        template = await self._template(plugins)
        data = Path(mkdtemp(dir=self._folder))
        shutil.copytree(template.data, data, dirs_exist_ok=True)
        with self._databases.fresh(template.database.database) as address:
            chosen = _settings(address, data, plugins, settings)
            async with self.started(chosen, plugins, clock=clock, check=check) as host:
                yield host
        shutil.rmtree(data, ignore_errors=True)

    @asynccontextmanager
    async def started(
        self,
        settings: Settings,
        plugins: tuple[str, ...],
        *,
        clock: Clock | None = None,
        check: bool = True,
    ) -> AsyncIterator[PluginHost]:
        """A host on settings of one's own, in an asynchronous `with`."""
        time = clock or SystemClock()
        app = NxForge(
            settings,
            clock=time,
            distributions=self._distributions,
            deadlines=self._deadlines,
            lazy=True,
        )
        transport = httpx.ASGITransport(app)
        async with (
            app,
            httpx.AsyncClient(transport=transport, base_url=_BASE) as client,
        ):
            running = await app.start()
            for plugin in plugins if check else ():
                if (problem := running.inventory[plugin].problem) is not None:
                    raise PluginProblemError(problem)
            yield PluginHost(running, client, plugins[0] if plugins else "", time)

    def forget(self, plugin: Owner) -> None:
        """Have the code of a plugin read anew by the next host."""
        if plugin.folder is not None:
            forget_modules(plugin.folder)

    async def _template(self, plugins: tuple[str, ...]) -> _Template:
        if (known := self._templates.get(plugins)) is not None:
            return known
        data = Path(mkdtemp(dir=self._folder))
        address = self._databases.make()
        settings = _settings(address, data, plugins, None)
        quiet = msgspec.structs.replace(settings, jobs=_QUIET)
        async with self.started(quiet, plugins, check=False):
            pass
        return self._templates.setdefault(plugins, _Template(address, data))


_BASE = "http://localhost"
_QUIET = JobSettings(worker=False, scheduler=False)


def _settings(
    address: ServerAddress,
    data: Path,
    plugins: tuple[str, ...],
    own: Mapping[str, Any] | None,
) -> Settings:
    return Settings(
        data_dir=data,
        database=DatabaseSettings(url=address.url()),
        jobs=JobSettings(scheduler=False, grace=1.0),
        log=LogSettings(access=False),
        network=NetworkSettings(allow=("127.0.0.1",)),
        plugins=PluginSettings(enable=plugins),
        plugin={plugins[0]: dict(own)} if plugins and own else {},
    )


def _with_plugins() -> list[Distribution]:
    """What is installed and brings plugins: looking through all takes its time."""
    return [each for each in metadata.distributions() if read_entries([each])]
