"""The browser process, as the host sees it: asked, answered, ended."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from nxforge_core.services._log import get_log

from ._errors import BrowserGoneError
from ._frames import Frames
from ._groups import await_end
from ._messages import (
    Abort,
    Answer,
    Broken,
    Failed,
    Print,
    Printed,
    Ready,
    Start,
    Visit,
    Visited,
)
from ._profiles import end_users, make_folder, remove_folder

__all__ = ["BrowserProcess"]

_DRIVER: Final = "nxforge_core.services.browser.driver"
#: Seconds that it gets to end Chromium and to clear up.
_FAREWELL: Final = 3.0
#: Seconds to start; Chromium alone has 25 of them.
_START: Final = 40.0
_ENDED: Final = "Chromium ended unexpectedly"


class BrowserProcess:
    """One run of Chromium with the process that drives it.

    Both have a process group of their own, and both end with this process: the
    driver reads the end of its standard input, Chromium is ended by the kernel.
    """

    def __init__(self, executable: Path, root: Path, *, no_sandbox: bool) -> None:
        self._executable = executable
        self._no_sandbox = no_sandbox
        self._root = root
        self._folder: Path | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._frames: Frames[Answer] | None = None
        self._group: int | None = None
        self._waiting: dict[int, asyncio.Future[Visited | Printed | Failed]] = {}
        self._reader: asyncio.Task[None] | None = None

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked."""
        return self._reader is not None and not self._reader.done()

    @property
    def pids(self) -> tuple[int, ...]:
        """Of the driver and of Chromium."""
        driver = self._process.pid if self._process else None
        return tuple(pid for pid in (driver, self._group) if pid is not None)

    async def start(self) -> None:
        """Start both.

        Raises:
            BrowserGoneError: Chromium does not start; it says in its words why.
        """
        self._folder = await asyncio.to_thread(make_folder, self._root)
        self._process = process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            _DRIVER,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd="/",
            env=_environment(self._folder),
            start_new_session=True,
        )
        assert process.stdin is not None  # noqa: S101 - both are pipes, for mypy
        assert process.stdout is not None  # noqa: S101
        self._frames = Frames[Answer](process.stdout, process.stdin, Answer)
        order = Start(
            executable=str(self._executable),
            folder=str(self._folder),
            no_sandbox=self._no_sandbox,
        )
        said = await self._first_answer(self._frames, order)
        if not isinstance(said, Ready):
            what = said.what if isinstance(said, Broken) else "its process ended"
            raise BrowserGoneError(what, fatal=isinstance(said, Broken))
        self._group = said.group
        self._reader = asyncio.get_running_loop().create_task(self._read(self._frames))

    async def _first_answer(
        self, frames: Frames[Answer], order: Start
    ) -> Answer | None:
        try:
            async with asyncio.timeout(_START):
                with suppress(OSError):
                    await frames.write(order)
                return await frames.read()
        except TimeoutError as error:
            what = f"its process did not start within {_START:g} s"
            raise BrowserGoneError(what) from error

    async def ask(self, order: Visit | Print) -> Visited | Printed | Failed:
        """Have something done.

        Raises:
            BrowserGoneError: the process ended first.
        """
        if self._frames is None or not self.is_alive:
            raise BrowserGoneError(_ENDED)
        future: asyncio.Future[Visited | Printed | Failed]
        future = asyncio.get_running_loop().create_future()
        self._waiting[order.id] = future
        try:
            await self._tell(order)
            return await future
        except asyncio.CancelledError:
            await self._tell(Abort(id=order.id))
            raise
        finally:
            self._waiting.pop(order.id, None)

    async def stop(self) -> None:
        """Let it end Chromium and clear up; end what does not end."""
        process = self._process
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(_FAREWELL):
                await process.wait()
        await self.kill()

    async def kill(self) -> None:
        """End both groups at once, see them gone, and remove the folder."""
        for group in self.pids:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(group, signal.SIGKILL)
        if self._process is not None:
            await self._process.wait()
        groups = {*self.pids}
        if self._folder is not None:
            # Chromium may run that has not said its group yet.
            groups |= await asyncio.to_thread(end_users, self._folder)
        await await_end(groups)
        if self._reader is not None:
            self._reader.cancel()
            with suppress(asyncio.CancelledError):
                await self._reader
        if self._folder is not None:
            await asyncio.to_thread(remove_folder, self._folder)

    async def _tell(self, message: Visit | Print | Abort) -> None:
        if self._frames is not None:
            # Where nobody reads, the reader below notices the end.
            with suppress(OSError):
                await self._frames.write(message)

    async def _read(self, frames: Frames[Answer]) -> None:
        try:
            while (said := await frames.read()) is not None:
                if isinstance(said, Visited | Printed | Failed):
                    future = self._waiting.get(said.id)
                    if future is not None and not future.done():
                        future.set_result(said)
        finally:
            if self._waiting:
                get_log().warning("browser_ended", under_way=len(self._waiting))
            for future in self._waiting.values():
                if not future.done():
                    future.set_exception(BrowserGoneError(_ENDED))


def _environment(folder: Path) -> Mapping[str, str]:
    """No secret of the host's own environment, and a home that ends with the run."""
    kept = {
        name: value
        for name, value in os.environ.items()
        # The last is how the tests measure processes that are not theirs.
        if name in {"PATH", "LANG"} or name.startswith("COVERAGE_")
    }
    path = os.pathsep.join(filter(None, sys.path))
    return {**kept, "HOME": str(folder), "PYTHONPATH": path}
