"""Has a running host follow the files of its plugins."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from nxforge_core.api import visible

from ._console import console
from ._file_watch import FileWatch

if TYPE_CHECKING:
    from nxforge_core.host import Running
    from nxforge_core.plugins import Plugin

__all__ = ["DevLoop"]

#: Seconds between looks: a person who saves a file does not wait for it.
_LOOK: Final = 0.2
_NAMED: Final = 3
_CORE: Final = Path(__file__).parents[1]


class DevLoop:
    """Starts a plugin anew when its files changed, and sends browsers new modules.

    Args:
        running: The host.
        core: Where its own code lies, which is not read anew.
    """

    def __init__(self, running: Running, core: Path = _CORE) -> None:
        self._running = running
        self._core = core
        self._watch = FileWatch()

    async def follow(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(_LOOK)

    async def look(self) -> None:
        """Do what the files ask for that changed since the last look."""
        for plugin in self._running.plugins():
            if plugin.folder is None or not plugin.wanted:
                continue
            if paths := await self._changed(plugin.folder):
                await self._renew(plugin, paths)
        if paths := await self._changed(self._core):
            click.echo(f"nxforge_core: {_names(paths)} changed: start again to run it")

    async def _changed(self, folder: Path) -> Sequence[Path]:
        return await asyncio.to_thread(self._watch.changed, folder)

    async def _renew(self, plugin: Plugin, paths: Sequence[Path]) -> None:
        names = _names(paths)
        if all(path.parts[0] == "ui" for path in paths):
            self._running.renew_files()
            click.echo(f"{plugin.id}: {names} changed: sent to open pages")
            return
        began = asyncio.get_running_loop().time()
        try:
            await self._running.change_plugin(plugin.id, "reload", console())
        except Exception as error:  # noqa: BLE001  # the next change may do better
            _tell(f"{plugin.id}: {names} changed: not reloaded", str(error))
            return
        seconds = asyncio.get_running_loop().time() - began
        problem = self._running.inventory[plugin.id].problem
        if problem is None:
            click.echo(f"{plugin.id}: {names} changed: reloaded in {seconds:.1f} s")
        else:
            where = f" ({problem.file}:{problem.line or 1})" if problem.file else ""
            words = f"{problem.message}{where}. {problem.remedy}"
            _tell(f"{plugin.id}: {names} changed: it does not run", words)


def _names(paths: Sequence[Path]) -> str:
    more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
    return ", ".join(map(str, paths[:_NAMED])) + more


def _tell(what: str, why: str) -> None:
    click.echo(f"{what}: {visible(why)}", err=True)
