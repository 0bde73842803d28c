"""The pool behind `context.db` and behind the host's own queries."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from time import perf_counter
from typing import Any, Final, TypeVar, cast

import asyncpg

from nxforge_core.api.ports import Connection, Record

from ._address import ServerAddress
from ._errors import DatabaseUnavailableError, PoolExhaustedError
from ._lending import Lending
from ._liveness import is_gone
from ._pulse import Pulse
from ._session import PooledConnection, Session, outages_named, teach_json

__all__ = ["Pool"]

T = TypeVar("T")

#: Seconds to open a connection, and to wait for a free one.
_WAIT: Final = 4.0
#: Seconds to wait for one where the process wants to stop: the server may be silent.
_SHORT_WAIT: Final = 1.5
#: Seconds in which a connection must be fit to be used again, or it is cut. What
#: asyncpg waits for here is its own request to cancel a statement.
_RETURN: Final = 1.0
#: Seconds after us that the server gives up a statement by itself.
_LATER: Final = 5.0
#: Seconds of rest after which a connection is closed.
_REST: Final = 60.0


class Pool:
    """A `nxforge_core.api.ports.Database` on one schema, opened at the first use.

    Nothing is sent twice: a connection that died while it rested is noticed before a
    statement goes out and replaced, and one that breaks later raises
    `DatabaseUnavailableError`, because the outcome is unknown then.

    Connections come back without asyncpg's reset where every statement on them was
    a plain query, and with it after anything else, so that `SET`, `LISTEN` or a
    session lock of one caller never reaches the next.

    Attributes:
        pulse: Notices a server that answers nothing.
        lending: How much it is used; another one may be set before that.

    Args:
        address: The database and the login.
        search_path: Comma-separated schema names.
        application_name: As shown in `pg_stat_activity`.
        size: Connections at the most; none is held while nobody asks.
        command_timeout: Seconds for one statement; the server ends it a little later
            by itself.
        pulse: Of another pool on the same server.
    """

    def __init__(
        self,
        address: ServerAddress,
        *,
        search_path: str,
        application_name: str = "nxforge",
        size: int = 4,
        command_timeout: float = 10.0,
        pulse: Pulse | None = None,
    ) -> None:
        self.lending = Lending()
        self._address = address
        self._search_path = search_path
        self._settings = {"application_name": application_name}
        self._size = size
        self._command_timeout = command_timeout
        self._server = address.display()
        self.pulse = pulse or Pulse(address)
        self._owns_pulse = pulse is None
        self._pool: asyncpg.Pool | None = None
        self._closed = False
        self._wait = _WAIT
        self._acquiring: set[asyncio.Timeout] = set()
        self._lent: dict[Session, float] = {}
        #: Why somebody got no connection; None once one came back.
        self.exhausted: PoolExhaustedError | None = None

    async def execute(self, sql: str, *args: object) -> str:
        """Run one statement; answers PostgreSQL's command tag.

        Raises:
            DatabaseUnavailableError: no connection, or it broke meanwhile.
            asyncpg.PostgresError: the statement is wrong or was refused.
        """
        async with self._session() as session:
            return await session.execute(sql, *args)

    async def executemany(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        """Run one statement for each row of arguments, all or nothing."""
        async with self._session() as session:
            await session.executemany(sql, rows)

    async def fetch(self, sql: str, *args: object) -> list[Record]:
        """All rows."""
        async with self._session() as session:
            return await session.fetch(sql, *args)

    async def fetchrow(self, sql: str, *args: object) -> Record | None:
        """The first row, or None."""
        async with self._session() as session:
            return await session.fetchrow(sql, *args)

    async def fetchval(self, sql: str, *args: object) -> Any:
        """The first column of the first row, or None."""
        async with self._session() as session:
            return await session.fetchval(sql, *args)

    async def structs(self, row: type[T], sql: str, *args: object) -> list[T]:
        """All rows as msgspec structs: columns are matched to fields by name.

        Raises:
            RowShapeError: columns and fields do not fit.
        """
        async with self._session() as session:
            return await session.structs(row, sql, *args)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """One connection in one transaction: commits on success, rolls back on error.

        Where the connection breaks during the commit, the outcome is unknown.
        """
        async with self._session() as session, session.in_transaction():
            yield session

    def connections(self) -> dict[str, int]:
        """How many are in use, at rest, and allowed at the most."""
        pool = self._pool
        idle = pool.get_idle_size() if pool else 0
        opened = pool.get_size() if pool else 0
        return {"busy": opened - idle, "idle": idle, "most": self._size}

    def hurry(self) -> None:
        """Wait no longer than a moment for a silent server: the process will stop.

        A statement that a living server works on is left alone.
        """
        self.pulse.hurry()
        self._wait = _SHORT_WAIT
        soon = asyncio.get_running_loop().time() + _SHORT_WAIT
        for timer in self._acquiring:
            timer.reschedule(min(soon, timer.when() or soon))

    async def is_silent(self) -> bool:
        """Ask whether the server answers nothing; who waits for it is cut then."""
        return await self.pulse.ask()

    async def close(self, seconds: float = 1.0) -> None:
        """Let running statements end, then close; after so many seconds, cut."""
        self._closed = True
        if self._owns_pulse:
            await self.pulse.stop()
        if (pool := self._pool) is None:
            return
        if self.pulse.silent:
            pool.terminate()
            return
        try:
            async with asyncio.timeout(seconds):
                await pool.close()
        except (TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            pool.terminate()

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[Session]:
        begin = perf_counter()
        pool = await self._opened()
        with outages_named(
            self._server,
            waiting_for="free connection",
            seconds=self._wait,
            connecting=True,
        ):
            connection = await self._acquired(pool)
        lending, lent = self.lending, perf_counter()
        lending.lent += 1
        lending.waited += lent - begin
        session = Session(
            cast("PooledConnection", connection),
            self._server,
            self._command_timeout,
            self.pulse,
        )
        self._lent[session] = asyncio.get_running_loop().time()
        try:
            yield session
        finally:
            lending.held += perf_counter() - lent
            del self._lent[session]
            self.exhausted = None
            # A failed reset has already cut the connection; the work itself is done.
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await pool.release(connection, timeout=_RETURN)

    async def _acquired(self, pool: asyncpg.Pool) -> Any:
        try:
            async with asyncio.timeout(self._wait) as timer:
                self._acquiring.add(timer)
                try:
                    return await _acquire_live(pool)
                finally:
                    self._acquiring.discard(timer)
        except TimeoutError:
            self._blame_borrowers()
            raise

    def _blame_borrowers(self) -> None:
        # Where all of them wait for an answer, it is the server that is slow.
        if len(self._lent) < self._size or all(each.asks for each in self._lent):
            return
        now = asyncio.get_running_loop().time()
        longest = now - min(self._lent.values())
        self.exhausted = PoolExhaustedError(self._server, self._size, longest)
        raise self.exhausted

    async def _prepare(self, connection: Any) -> None:
        await teach_json(connection)
        await connection.settle(self._search_path, self._command_timeout + _LATER)

    async def _opened(self) -> asyncpg.Pool:
        if self._closed:
            raise DatabaseUnavailableError(self._server, "this pool is closed")
        if self._pool is None:
            self._pool = asyncpg.create_pool(
                **self._address.asyncpg_arguments(),
                min_size=0,
                max_size=self._size,
                max_inactive_connection_lifetime=_REST,
                timeout=_WAIT,
                command_timeout=self._command_timeout,
                server_settings=self._settings,
                connection_class=PooledConnection,
                init=self._prepare,
            )
            # Nothing is awaited in there with min_size 0, so no second task comes
            # between.
            await self._pool
        return self._pool


async def _acquire_live(pool: asyncpg.Pool) -> Any:
    # All of them may have died; whatever comes after that is a new one.
    for _ in range(pool.get_max_size()):
        connection = await pool.acquire()
        if not is_gone(connection):
            return connection
        connection.terminate()
    return await pool.acquire()
