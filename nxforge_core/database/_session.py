"""One connection, as plugins and the host see it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from decimal import Decimal
from typing import Any, Final, TypeVar, cast

import asyncpg
import msgspec

from nxforge_core.api.ports import Record

from ._address import quote_identifiers
from ._errors import (
    DatabaseTimeoutError,
    DatabaseUnavailableError,
    UnstorableValueError,
)
from ._outage import outage_reason, unstorable_reason
from ._pulse import Pulse
from ._rows import as_structs
from ._statements import check_arguments, leaves_session_clean

__all__ = ["PooledConnection", "Session", "outages_named", "teach_json"]

T = TypeVar("T")

_ENCODE: Final = msgspec.json.Encoder(decimal_format="number").encode
_DECODE: Final = msgspec.json.Decoder(float_hook=Decimal).decode
#: Milliseconds that a transaction may stay open without a statement.
_RESTING: Final = 60_000
#: The only version of jsonb's binary form; one byte before the text.
_JSONB: Final = b"\x01"


class PooledConnection(asyncpg.Connection):
    """A connection that is reset at its return only where that is needed.

    asyncpg's reset is a round trip of its own and halves the rate of short queries.
    """

    __slots__ = ("_home", "_touched")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._home = ""
        self._touched = False

    async def settle(self, search_path: str, seconds: float) -> None:
        """Look for names in these schemas, now and after each reset.

        The server itself ends what goes on for too long, in case nobody is left to
        ask for it. Not by parameters of the connection's start, which poolers refuse.

        Args:
            search_path: Comma-separated schema names.
            seconds: For one statement, and for a rest inside a transaction.
        """
        self._home = (
            f"SET search_path = {quote_identifiers(search_path)};"
            f"SET statement_timeout = {int(seconds * 1000)};"
            f"SET idle_in_transaction_session_timeout = {_RESTING}"
        )
        await self.execute(self._home)

    def note(self, sql: str) -> None:
        """Remember a statement that may change the session."""
        if not self._touched:
            self._touched = not leaves_session_clean(sql)

    def get_reset_query(self) -> str:
        """Answer the SQL to run at return: none where nothing was touched."""
        if not self._touched:
            return ""
        self._touched = False
        return f"{super().get_reset_query()}\n{self._home}"


async def teach_json(connection: asyncpg.Connection) -> None:
    """Make json and jsonb plain Python data, fractions as Decimal. No round trip."""
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=lambda value: _JSONB + _ENCODE(value),
        decoder=lambda data: _DECODE(data[1:]),
        format="binary",
    )
    await connection.set_type_codec(
        "json", schema="pg_catalog", encoder=_ENCODE, decoder=_DECODE, format="binary"
    )


@contextmanager
def outages_named(
    server: str, *, waiting_for: str, seconds: float, connecting: bool = False
) -> Iterator[None]:
    """Turn what drivers raise of outages and of values into the family's errors."""
    try:
        yield
    except TimeoutError as error:
        raise DatabaseTimeoutError(server, waiting_for, seconds) from error
    except Exception as error:
        if value := unstorable_reason(error):
            raise UnstorableValueError(value) from error
        reason = outage_reason(error, connecting=connecting)
        if reason is None:
            raise
        raise DatabaseUnavailableError(server, reason) from error


class Session:
    """SQL on one connection; what `transaction()` yields."""

    def __init__(
        self, connection: PooledConnection, server: str, seconds: float, pulse: Pulse
    ) -> None:
        self._connection = connection
        self._server = server
        self._seconds = seconds
        self._pulse = pulse
        self._silent = False
        #: Whether a statement is under way.
        self.asks = False

    async def execute(self, sql: str, *args: object) -> str:
        """Run one statement; answers PostgreSQL's command tag."""
        with self._sending(sql, args):
            return await self._connection.execute(sql, *args)

    async def executemany(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        """Run one statement for each row of arguments, all or nothing."""
        for row in rows:
            check_arguments(row)
        with self._sending(sql, ()):
            await self._connection.executemany(sql, rows)

    async def fetch(self, sql: str, *args: object) -> list[Record]:
        """All rows."""
        with self._sending(sql, args):
            return cast("list[Record]", await self._connection.fetch(sql, *args))

    async def fetchrow(self, sql: str, *args: object) -> Record | None:
        """The first row, or None."""
        with self._sending(sql, args):
            return cast("Record | None", await self._connection.fetchrow(sql, *args))

    async def fetchval(self, sql: str, *args: object) -> Any:
        """The first column of the first row, or None."""
        with self._sending(sql, args):
            return await self._connection.fetchval(sql, *args)

    async def structs(self, row: type[T], sql: str, *args: object) -> list[T]:
        """All rows as msgspec structs: columns are matched to fields by name."""
        return as_structs(row, await self.fetch(sql, *args))

    def cut(self) -> None:
        """End the connection at once: what is under way on it fails, uncommitted.

        The server notices when it next hears of or speaks to us; a statement that it
        is working on goes on until then.
        """
        if hasattr(self._connection, "note"):
            self._connection.terminate()

    @asynccontextmanager
    async def in_transaction(self) -> AsyncIterator[None]:
        """Commit what the block did, or roll it back where it raises."""
        transaction = self._connection.transaction()
        with self._cut_if_cancelled(), self._sending("SELECT", ()):
            await transaction.start()
        try:
            yield
        except BaseException:
            # The block's own error counts; a broken connection has rolled back anyway.
            with (
                suppress(Exception),
                self._cut_if_cancelled(),
                self._sending("SELECT", ()),
            ):
                await transaction.rollback()
            raise
        with self._cut_if_cancelled(), self._sending("SELECT", ()):
            await transaction.commit()

    @contextmanager
    def _cut_if_cancelled(self) -> Iterator[None]:
        """Where a transaction begins or ends: nobody knows afterwards if it did."""
        try:
            yield
        except asyncio.CancelledError:
            self.cut()
            raise

    @contextmanager
    def _sending(self, sql: str, args: Sequence[object]) -> Iterator[None]:
        check_arguments(args)
        self.asks = True
        try:
            with (
                outages_named(
                    self._server, waiting_for="answer", seconds=self._seconds
                ),
                self._pulse.watching(self._cut),
            ):
                self._ready().note(sql)
                yield
        except DatabaseUnavailableError as error:
            if self._silent:
                raise DatabaseTimeoutError(
                    self._server, "answer", self._pulse.seconds
                ) from error
            raise
        except (asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
            # What asyncpg says of a connection that went away under a statement.
            if not isinstance(error, ValueError) and self._ready().is_closed():
                raise DatabaseUnavailableError(self._server, str(error)) from error
            raise
        finally:
            self.asks = False

    def _cut(self) -> None:
        self._silent = True
        if hasattr(self._connection, "note"):
            self._connection.terminate()

    def _ready(self) -> PooledConnection:
        # asyncpg's proxy is emptied when its connection is lost.
        if not hasattr(self._connection, "note"):
            raise DatabaseUnavailableError(self._server, "the connection was lost")
        return self._connection
