"""The fence that keeps a late worker from writing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final

from nxforge_core.api import Connection, Database, RunId, load_sql
from nxforge_core.jobs._errors import FencedError

__all__ = ["fenced", "grant_fence"]

_SQL: Final = load_sql(__package__)


async def grant_fence(database: Database, role: str) -> None:
    """Let a plugin's login role use the fence, and nothing else of the core.

    Args:
        database: On the core schema, with the login that owns it.
        role: Must exist.
    """
    await database.execute(await database.fetchval(_SQL.grant_fence, role))


def fenced(
    database: Database, run: RunId, attempt: int
) -> Callable[[], AbstractAsyncContextManager[Connection]]:
    """Make `JobContext.transaction` of one attempt.

    Its transactions raise `FencedError` when the run was given to another worker.
    """

    @asynccontextmanager
    async def transaction() -> AsyncIterator[Connection]:
        async with database.transaction() as connection:
            await _hold(connection, run, attempt)
            yield connection

    return transaction


async def _hold(connection: Connection, run: RunId, attempt: int) -> None:
    try:
        await connection.execute(_SQL.hold_run, run, attempt)
    except Exception as error:
        # The state's own code; the driver is not known here.
        if getattr(error, "sqlstate", None) == "NX001":
            raise FencedError(run, attempt) from None
        raise
