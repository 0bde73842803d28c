"""What a plugin is handed, as protocols: the host implements them, tests fake them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, Protocol, TypeVar

import msgspec

from ._browser import BrowserPage, BrowserRequest
from ._http import HttpRequest, HttpResponse
from ._ids import RunId
from .errors import BrowserMissingError

__all__ = [
    "Browser",
    "Clock",
    "Connection",
    "Database",
    "Events",
    "Http",
    "Jobs",
    "Log",
    "Record",
    "Secrets",
]

T = TypeVar("T")

#: One row, by column name (an `asyncpg.Record` at run time).
Record = Mapping[str, Any]


class Connection(Protocol):
    """SQL on the plugin's own schema: parameters are `$1`, `$2`, ... and never text.

    `numeric` comes and goes as `Decimal`, `timestamptz` as aware `datetime`,
    `jsonb` as plain Python data.
    """

    async def execute(self, sql: str, *args: object) -> str:
        """Run one statement; answers PostgreSQL's command tag."""
        ...

    async def executemany(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        """Run one statement for each row of arguments, all or nothing."""
        ...

    async def fetch(self, sql: str, *args: object) -> list[Record]:
        """All rows."""
        ...

    async def fetchrow(self, sql: str, *args: object) -> Record | None:
        """The first row, or None."""
        ...

    async def fetchval(self, sql: str, *args: object) -> Any:
        """The first column of the first row, or None."""
        ...

    async def structs(self, row: type[T], sql: str, *args: object) -> list[T]:
        """All rows as msgspec structs: columns are matched to fields by name."""
        ...


class Database(Connection, Protocol):
    """The plugin's pool: each call borrows a connection, bounded in time."""

    def transaction(self) -> AbstractAsyncContextManager[Connection]:
        """One connection in one transaction: commits, or rolls back on error."""
        ...


class Http(Protocol):
    """Outgoing HTTP under the host's network policy."""

    async def fetch(self, request: HttpRequest) -> HttpResponse:
        """Exchange one request for its whole answer.

        Any status is an answer. Redirects are followed to the same host and
        scheme only, three at the most. Nothing is kept for a later request but what
        `request.session` stands for.

        Raises:
            OutboundDeniedError: the network policy refuses the address.
            OutboundTimeoutError: no complete answer within `request.timeout`.
            OutboundTooLargeError: more than `request.max_bytes`, packed or inflated.
            OutboundConnectError: no name, no connection or no TLS session.
        """
        ...


class Events(Protocol):
    """The plugin's voice: told in this process at once, in the others a moment later.

    A subscriber's failure, a database that is away, a name that the manifest does not
    list and data that is no JSON never reach the caller: they are logged and counted.
    """

    async def publish(
        self, name: str, data: Mapping[str, object] | msgspec.Struct
    ) -> None:
        """Tell everybody who listens to the name.

        Args:
            name: `metric.` or `alert.` or the plugin's id, a dot, and what happened;
                `events.emits` of the manifest must list it.
            data: Small, and without secrets: it is stored and shown to consumers.
        """
        ...

    async def publish_all(
        self, name: str, batch: Iterable[Mapping[str, object] | msgspec.Struct]
    ) -> None:
        """Publish many events of one name for the price of a few."""
        ...


class Browser(Protocol):
    """A real browser under the host's network policy, for pages that need JavaScript.

    The plugin's manifest has to have the capability `browser`. One Chromium serves
    all plugins; it starts with the first call and ends when it was idle for a while.
    """

    def missing(self) -> BrowserMissingError | None:
        """Say what stands in the way here; None: there is a browser."""
        ...

    async def fetch(self, request: BrowserRequest) -> BrowserPage:
        """Visit a page, do the steps, answer what it looks like then.

        Any status is an answer. Nothing of a visit is kept for a later one. Dialogs
        are dismissed, new windows and downloads are refused, and whatever the page
        asks of another host than its own is refused as well.

        Raises:
            BrowserMissingError: there is no browser here; it names the remedy.
            BrowserError: the visit failed; it carries what the page looked like.
            OutboundDeniedError: the network policy refuses the address.
            OutboundConnectError: there is no such name.
            CapabilityMissingError: the manifest lacks the capability.
        """
        ...

    async def pdf(self, html: str, *, timeout: float = 30.0) -> bytes:  # noqa: ASYNC109 - bounds the work in the browser too
        """Print a document that is complete in itself, as PDF.

        It reaches nothing, and none of its scripts runs.

        Raises:
            BrowserMissingError: there is no browser here; it names the remedy.
            BrowserError: it was not printed in time, or is too large.
            CapabilityMissingError: the manifest lacks the capability.
        """
        ...


class Secrets(Protocol):
    """Authenticated encryption for what a plugin must store and never show."""

    def seal(self, text: str) -> str:
        """Encrypt: the answer names its key and only this plugin can open it."""
        ...

    def open(self, sealed: str) -> str:
        """Decrypt what `seal` made.

        Raises:
            SecretError: the value was changed, or its key is not in the key set.
        """
        ...


class Log(Protocol):
    """Structured log: a constant event name, facts as keywords."""

    def debug(self, event: str, **facts: object) -> None:
        """Detail for whoever looks into a problem."""
        ...

    def info(self, event: str, **facts: object) -> None:
        """Something worth knowing happened."""
        ...

    def warning(self, event: str, **facts: object) -> None:
        """Something is off and work goes on."""
        ...

    def error(self, event: str, **facts: object) -> None:
        """Something failed."""
        ...

    def exception(self, event: str, **facts: object) -> None:
        """Something failed: the traceback of the error being handled is added."""
        ...


class Clock(Protocol):
    """Time, injected so that tests can hold it still."""

    def now(self) -> datetime:
        """The current instant: aware, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds of a clock that never goes back."""
        ...


class Jobs(Protocol):
    """The plugin's own jobs."""

    async def run(self, job: str, params: Mapping[str, object] | None = None) -> RunId:
        """Queue a manual run and answer its id.

        Raises:
            UnknownItemError: the plugin has no such job.
            InvalidInputError: the parameters do not fit the job's struct.
        """
        ...
