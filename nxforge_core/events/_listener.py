"""One connection that listens, for everybody in the process who wants to hear."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import asyncpg

from nxforge_core.api.ports import Log
from nxforge_core.database import ServerAddress

__all__ = ["Listener"]

#: Seconds between a connection's end and the next one, doubled up to the second.
_PAUSE: Final = 0.3
_LONGEST_PAUSE: Final = 5.0
_NAME: Final = "nxforge events"
#: Bytes that PostgreSQL keeps of a connection's name.
_LONGEST_NAME: Final = 63
_SIGN: Final = "select set_config('application_name', $1, false)"


@dataclass(eq=False)
class _Ear:
    channel: str
    heard: Callable[[str], None]
    missed: Callable[[], None] | None
    open: bool = False


class Listener:
    """Hears notifications from `run` on, through any number of lost connections.

    Args:
        address: The database, and a login that may connect.
        log: Told of lost connections and of callables that raise.
        check: Seconds after which a silent connection is asked for a sign of life.
        deadline: Seconds for each answer of the server.
    """

    def __init__(
        self,
        address: ServerAddress,
        log: Log | None = None,
        *,
        check: float = 15.0,
        deadline: float = 5.0,
    ) -> None:
        self._address = address
        self._log = log
        self._check = check
        self._deadline = deadline
        # A dict as an ordered set: who came first hears first.
        self._ears: dict[_Ear, None] = {}
        self._changed = asyncio.Event()
        self._connected = False
        self._name = _NAME

    @property
    def connected(self) -> bool:
        """Tell whether notifications are heard now."""
        return self._connected

    def listen(
        self,
        channel: str,
        heard: Callable[[str], None],
        missed: Callable[[], None] | None = None,
    ) -> Callable[[], None]:
        """Hear a channel, on the loop that runs `run`; before it, too.

        Args:
            channel: Its name as it is, at most 63 bytes; it is quoted here.
            heard: Gets the payload of each notification.
            missed: Called each time the channel begins to be heard, the first time
                and after every lost connection: what was notified before is lost,
                so look for yourself now.

        Returns:
            A function that ends it: from its return on nothing is called.
        """
        ear = _Ear(channel, heard, missed)
        self._ears[ear] = None
        self._changed.set()

        def end() -> None:
            self._ears.pop(ear, None)
            self._changed.set()

        return end

    def sign(self, text: str) -> None:
        """Add a few words to the connection's name, for other processes to read."""
        self._name = f"{_NAME}{text}"[:_LONGEST_NAME]
        self._changed.set()

    async def run(self) -> None:
        """Connect and listen until cancelled; connect again whenever that ends."""
        pause = _PAUSE
        while True:
            try:
                await self._hear()
            except Exception as error:  # noqa: BLE001 - the next connection may be well
                if self._connected:
                    pause = _PAUSE
                self._warn("listener_lost", error, again_in=pause)
            finally:
                self._connected = False
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _hear(self) -> None:
        name = self._name
        connection = await asyncpg.connect(
            **self._address.asyncpg_arguments(),
            timeout=self._deadline,
            command_timeout=self._deadline,
            server_settings={"application_name": name},
        )
        try:
            connection.add_termination_listener(lambda _: self._changed.set())
            await self._follow(connection, name)
        finally:
            # Never `close`: it waits for a server that may be frozen.
            connection.terminate()

    async def _follow(self, connection: asyncpg.Connection, name: str) -> None:
        """Keep what is listened to and what is wanted the same; ends by an error."""
        for ear in self._ears:
            ear.open = False
        live: set[str] = set()
        while True:
            self._changed.clear()
            if name != self._name:
                name = self._name
                await connection.execute(_SIGN, name)
            wanted = {ear.channel for ear in self._ears}
            for channel in wanted - live:
                await connection.add_listener(channel, self._pass_on)
            for channel in live - wanted:
                await connection.remove_listener(channel, self._pass_on)
            live = wanted
            self._connected = True
            self._open_ears(live)
            await self._wait(connection)

    async def _wait(self, connection: asyncpg.Connection) -> None:
        try:
            async with asyncio.timeout(self._check):
                await self._changed.wait()
        except TimeoutError:
            await connection.execute("select 1")
        if connection.is_closed():
            message = "the server closed the connection"
            raise ConnectionError(message)

    def _open_ears(self, live: set[str]) -> None:
        for ear in tuple(self._ears):
            # A callable before it may have ended this one.
            if not ear.open and ear.channel in live and ear in self._ears:
                ear.open = True
                if ear.missed is not None:
                    self._call(ear, ear.missed)

    def _pass_on(self, _connection: Any, _pid: int, channel: str, payload: Any) -> None:
        for ear in tuple(self._ears):
            if ear.channel == channel and ear in self._ears:
                self._call(ear, ear.heard, payload)

    def _call(self, ear: _Ear, call: Callable[..., None], *arguments: object) -> None:
        try:
            call(*arguments)
        except Exception as error:  # noqa: BLE001 - one that fails stops no other
            self._warn("listener_failed", error, channel=ear.channel)

    def _warn(self, event: str, error: Exception, **facts: object) -> None:
        if self._log is not None:
            why = f"{type(error).__name__}: {error}"
            self._log.warning(event, why=why, **facts)
