"""The context of one attempt: a plugin's, on a leash."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import fields
from typing import Any, TypeAlias, TypeVar

import msgspec

from nxforge_core.api import (
    Browser,
    BrowserMissingError,
    BrowserPage,
    BrowserRequest,
    Connection,
    Database,
    Events,
    Http,
    HttpRequest,
    HttpResponse,
    JobContext,
    Jobs,
    PluginContext,
    Record,
    RunId,
    RunInfo,
)

from ._fence import fenced
from ._leash import Leash
from ._ledger import Claim
from ._lines import RunLines

__all__ = ["job_context"]

T = TypeVar("T")
_Data: TypeAlias = Mapping[str, object] | msgspec.Struct
_Begin: TypeAlias = Callable[[], AbstractAsyncContextManager[Connection]]


def job_context(
    plugin: PluginContext[Any], claim: Claim, lines: RunLines, leash: Leash
) -> JobContext[Any]:
    """Make a plugin's context that of one attempt; what it opens ends with that."""
    given = {field.name: getattr(plugin, field.name) for field in fields(PluginContext)}
    given["db"] = _Database(plugin.db, leash)
    given["http"] = _Http(plugin.http, leash)
    given["browser"] = _Browser(plugin.browser, leash)
    given["jobs"] = _Jobs(plugin.jobs, leash)
    given["events"] = _Events(plugin.events, leash)
    run = RunInfo(
        id=claim.id,
        job=claim.job,
        slot=claim.slot,
        attempt=claim.attempt,
        shard=claim.shard,
    )

    async def progress(done: int, total: int, text: str) -> None:
        leash.check()
        await lines.report(done, total, text)

    return JobContext(
        **given,
        run=run,
        transaction=_leashed(fenced(plugin.db, claim.id, claim.attempt), leash),
        progress=progress,
    )


def _leashed(begin: _Begin, leash: Leash) -> _Begin:
    @asynccontextmanager
    async def transaction() -> AsyncIterator[Connection]:
        leash.check()
        async with begin() as connection:
            with leash.lend(connection):
                yield _Connection(connection, leash)

    return transaction


class _Connection:
    def __init__(self, connection: Connection, leash: Leash) -> None:
        self._connection = connection
        self._hold = leash.hold

    async def execute(self, sql: str, *args: object) -> str:
        return await self._hold(self._connection.execute, sql, *args)

    async def executemany(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        await self._hold(self._connection.executemany, sql, rows)

    async def fetch(self, sql: str, *args: object) -> list[Record]:
        return await self._hold(self._connection.fetch, sql, *args)

    async def fetchrow(self, sql: str, *args: object) -> Record | None:
        return await self._hold(self._connection.fetchrow, sql, *args)

    async def fetchval(self, sql: str, *args: object) -> Any:
        return await self._hold(self._connection.fetchval, sql, *args)

    async def structs(self, row: type[T], sql: str, *args: object) -> list[T]:
        return await self._hold(self._connection.structs, row, sql, *args)


class _Database(_Connection):
    def __init__(self, database: Database, leash: Leash) -> None:
        super().__init__(database, leash)
        self._database = database
        self._leash = leash

    def transaction(self) -> AbstractAsyncContextManager[Connection]:
        return _leashed(self._database.transaction, self._leash)()


class _Http:
    def __init__(self, http: Http, leash: Leash) -> None:
        self._http = http
        self._hold = leash.hold

    async def fetch(self, request: HttpRequest) -> HttpResponse:
        return await self._hold(self._http.fetch, request)


class _Browser:
    def __init__(self, browser: Browser, leash: Leash) -> None:
        self._browser = browser
        self._hold = leash.hold

    def missing(self) -> BrowserMissingError | None:
        return self._browser.missing()

    async def fetch(self, request: BrowserRequest) -> BrowserPage:
        return await self._hold(self._browser.fetch, request)

    async def pdf(self, html: str, *, timeout: float = 30.0) -> bytes:  # noqa: ASYNC109 - the port's
        return await self._hold(self._browser.pdf, html, timeout=timeout)


class _Jobs:
    def __init__(self, jobs: Jobs, leash: Leash) -> None:
        self._jobs = jobs
        self._hold = leash.hold

    async def run(self, job: str, params: Mapping[str, object] | None = None) -> RunId:
        return await self._hold(self._jobs.run, job, params)


class _Events:
    def __init__(self, events: Events, leash: Leash) -> None:
        self._events = events
        self._hold = leash.hold

    async def publish(self, name: str, data: _Data) -> None:
        await self._hold(self._events.publish, name, data)

    async def publish_all(self, name: str, batch: Iterable[_Data]) -> None:
        await self._hold(self._events.publish_all, name, batch)
