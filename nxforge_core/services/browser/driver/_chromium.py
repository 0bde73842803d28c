"""The only home of pyppeteer: its protocol, on a pipe, to one Chromium.

Its launcher and its pages are not used. The launcher opens a port that every process
of the machine can speak to, and blocks the loop; a page's `goto` does not keep its
deadline, and its interception of requests no longer works.
"""

from __future__ import annotations

import asyncio
import ctypes
import fcntl
import os
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from pyppeteer.connection import CDPSession, Connection
from pyppeteer.errors import PyppeteerError

from pyee import EventEmitter  # isort: skip - comes with pyppeteer

from ._errors import ChromiumError
from ._flags import command_line

__all__ = ["Chromium", "Session"]

_PDEATHSIG: Final = 1
#: Where `--remote-debugging-pipe` reads and writes.
_READS, _WRITES = 3, 4
#: One message: a page, a picture, a printed document.
_LARGEST: Final = 96 * 1024 * 1024
#: Seconds for Chromium to answer its first question.
_START: Final = 25.0
_SILENT: Final = f"no answer within {_START:g} s"
_LOG: Final = "chromium.log"


class _Pipe(Connection):  # type: ignore[misc]  # pyppeteer is not typed
    """pyppeteer's connection, on a pipe in place of a web socket."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        EventEmitter.__init__(self)
        self._url = "pipe:"
        self._lastId = 0
        self._callbacks: dict[int, Any] = {}
        self._delay = 0
        self._loop = asyncio.get_running_loop()
        self._sessions: dict[str, Any] = {}
        self._connected = True
        self._closeCallback = None
        self._reader, self._writer = reader, writer
        self._recv_fut = self._loop.create_task(self._recv_loop())

    async def _recv_loop(self) -> None:
        while True:
            try:
                raw = await self._reader.readuntil(b"\0")
            except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
                break
            # Somebody who has stopped waiting is no reason to stop listening.
            with suppress(asyncio.InvalidStateError):
                await self._on_message(raw[:-1].decode("utf-8", "replace"))
        self._connected = False

    async def _async_send(self, msg: str, callback_id: int) -> None:
        del callback_id
        with suppress(OSError):
            self._writer.write(msg.encode() + b"\0")
            await self._writer.drain()


class Session:
    """A conversation with Chromium, or with one of its pages."""

    def __init__(self, raw: Connection | CDPSession) -> None:
        self._raw = raw

    async def call(self, method: str, **params: object) -> Mapping[str, Any]:
        """Ask for something.

        Raises:
            ChromiumError: it says no, or is not there any more.
        """
        try:
            # Shielded: pyppeteer stumbles over the answer to a cancelled question.
            said = await asyncio.shield(self._raw.send(method, params))
        except (PyppeteerError, ConnectionError) as error:
            raise ChromiumError(str(error) or method) from error
        return dict(said or {})

    def tell(self, method: str, **params: object) -> None:
        """Ask for something whose answer nobody waits for."""
        with suppress(PyppeteerError, ConnectionError):
            self._raw.send(method, params)

    def on(self, event: str, heard: Callable[[Mapping[str, Any]], None]) -> None:
        """Hear of something."""
        self._raw.on(event, heard)


class Chromium:
    """One run, in a process group of its own.

    Attributes:
        group: Of all its processes.
    """

    def __init__(self, executable: str, folder: Path, *, no_sandbox: bool) -> None:
        self._command = command_line(
            executable, folder / "profile", no_sandbox=no_sandbox
        )
        self._log = folder / _LOG
        self._process: asyncio.subprocess.Process | None = None
        self._pipe: _Pipe | None = None
        self.group = 0

    async def start(self) -> None:
        """Start it, and ask it who it is.

        Raises:
            ChromiumError: it does not answer; the message has its own last words.
        """
        there, back = os.pipe(), os.pipe()
        # Away from the numbers they get in Chromium.
        theirs = [fcntl.fcntl(fd, fcntl.F_DUPFD, 10) for fd in (there[0], back[1])]
        try:
            with self._log.open("wb") as log:
                self._process = await asyncio.create_subprocess_exec(
                    *self._command,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    close_fds=False,
                    preexec_fn=lambda: _become_chromium(*theirs),
                )
        except OSError as error:
            raise ChromiumError(error.strerror or str(error)) from error
        finally:
            for descriptor in (there[0], back[1], *theirs):
                os.close(descriptor)
        self.group = self._process.pid
        self._pipe = await _pipe(back[0], there[1])
        try:
            async with asyncio.timeout(_START):
                await self._first_words(Session(self._pipe))
        except TimeoutError as error:
            raise ChromiumError(_SILENT) from error

    async def _first_words(self, session: Session) -> None:
        asked = asyncio.ensure_future(session.call("Browser.getVersion"))  # noqa: TID251 - joined below
        await asyncio.wait(
            {asked, asyncio.ensure_future(self.ended())},  # noqa: TID251 - joined here
            return_when=asyncio.FIRST_COMPLETED,
        )
        if not asked.done():
            raise ChromiumError(self._last_words())
        await asked

    def _last_words(self) -> str:
        lines = self._log.read_bytes()[-4000:].decode("utf-8", "replace").splitlines()
        return lines[-1].strip() if lines else "it ends without a word"

    @property
    def session(self) -> Session:
        """The conversation with Chromium itself."""
        return Session(self._pipe)

    async def attach(self, target: str) -> Session:
        """A conversation with one of its pages."""
        assert self._pipe is not None  # noqa: S101 - it was started
        try:
            raw = await self._pipe.createSession({"targetId": target, "type": "page"})
        except PyppeteerError as error:
            raise ChromiumError(str(error)) from error
        return Session(raw)

    async def ended(self) -> None:
        """Return when it has ended."""
        if self._process is not None:
            await self._process.wait()

    def kill(self) -> None:
        """End all its processes at once."""
        if self.group:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.group, signal.SIGKILL)


def _become_chromium(reads: int, writes: int) -> None:
    os.setpgid(0, 0)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGKILL)
    os.dup2(reads, _READS)
    os.dup2(writes, _WRITES)


async def _pipe(reads: int, writes: int) -> _Pipe:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=_LARGEST)
    await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(reads, "rb")
    )
    transport, protocol = await loop.connect_write_pipe(
        asyncio.streams.FlowControlMixin, os.fdopen(writes, "wb")
    )
    return _Pipe(reader, asyncio.StreamWriter(transport, protocol, None, loop))
