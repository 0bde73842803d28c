"""The process of `nxforge serve` and `nxforge worker`: ended or started anew."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable, Coroutine, MutableMapping
from contextlib import suppress
from typing import Any, Final

from nxforge_core.services import beside

__all__ = ["FIRST", "OwnProcess", "inherited"]

#: systemd's protocol for sockets that are handed to a process: where the first one is.
FIRST: Final = 3
_PID, _COUNT, _NAMES = "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"
#: Begins the name of a socket that this program handed to itself.
_OURS: Final = "nxforge/"


class OwnProcess:
    """The process that a command has for itself.

    A start anew keeps its id, and the listening socket: who connects meanwhile waits
    in its queue.

    Args:
        listener: What it listens on; None where it does not.
        place: What the listener was asked to be, see `inherited`.
    """

    def __init__(self, listener: socket.socket | None = None, place: str = "") -> None:
        self._listener = listener
        self._place = place
        self._stop = asyncio.Event()
        self._renew = asyncio.Event()

    def obey(self, told: Callable[[], None] = lambda: None) -> None:
        """Stop on SIGINT and SIGTERM, after a call of `told`; start anew on SIGHUP.

        A terminal that is closed says SIGHUP too, and means the former.
        """
        loop = asyncio.get_running_loop()

        def stop() -> None:
            told()
            self._stop.set()

        hang_up = stop if _has_terminal() else self.renew
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop)
        loop.add_signal_handler(signal.SIGHUP, hang_up)

    @property
    def stops(self) -> bool:
        """Whether it was told to end."""
        return self._stop.is_set()

    def renew(self) -> None:
        """See `nxforge_core.host.Process`."""
        self._renew.set()

    async def over(self, leave: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Wait until it was told to stop, or until it was told to start anew.

        Args:
            leave: Ends what shall end before a start anew; a stop cuts it short.
        """
        farewell, stop = self._farewell(leave), self.stopped()
        async with beside(farewell) as left, beside(stop) as stopped:
            await asyncio.wait({left, stopped}, return_when=asyncio.FIRST_COMPLETED)

    async def stopped(self) -> None:
        """Wait until it is told to stop."""
        await self._stop.wait()

    async def _farewell(self, leave: Callable[[], Coroutine[Any, Any, None]]) -> None:
        await self._renew.wait()
        await leave()

    def restart(self) -> None:
        """Start this process anew, as it was started."""
        environment = {
            name: value
            for name, value in os.environ.items()
            if name not in (_PID, _COUNT, _NAMES)
        }
        if self._listener is not None:
            os.dup2(self._listener.fileno(), FIRST)
            os.set_inheritable(FIRST, True)  # noqa: FBT003 - also where it was there
            environment[_PID], environment[_COUNT] = str(os.getpid()), "1"
            environment[_NAMES] = _OURS + self._place
        # Until the new program hears it, the signal would end the process.
        with suppress(ValueError):  # of a thread that is not the main one
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
        argv = [sys.executable, *sys.orig_argv[1:]]
        os.execve(sys.executable, argv, environment)  # noqa: S606 - itself


def inherited(
    place: str, environ: MutableMapping[str, str], first: int = FIRST
) -> socket.socket | None:
    """The listening socket that this process was started with, if any.

    A service manager decides where it listens. One that this program handed to itself
    counts only where that is still what is asked for.

    Args:
        place: What is asked for: an address and a port, in letters without a colon.
        environ: Is not for the processes that this one starts, and forgets it.
        first: Where the first handed socket is.
    """
    pid, count, name = (environ.pop(each, "") for each in (_PID, _COUNT, _NAMES))
    if pid != str(os.getpid()) or count in ("", "0"):
        return None
    listener = socket.socket(fileno=first)
    listener.set_inheritable(False)
    if name.startswith(_OURS) and name != _OURS + place:
        listener.close()
        return None
    return listener


def _has_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()
