"""Outgoing HTTP of the host: guarded, bounded, and cheap until it is used."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from nxforge_core.api import HttpRequest, HttpResponse

from ._address import AddressPolicy
from ._errors import HttpClosedError
from ._names import Lookup, NameLookup
from ._slots import Slots

if TYPE_CHECKING:
    from ._session import Session

__all__ = ["GuardedHttp"]

_AT_ONCE: Final = 100


class GuardedHttp:
    """`nxforge_core.api.Http` under a network policy. One for each host object.

    Nothing is opened, and neither httpx nor aiohttp imported, before the first fetch.
    Each host and port is asked one question at a time. Waiting for that turn is not
    part of `HttpRequest.timeout`: the deadline begins with the look-up of the name,
    and who must bound the waiting too puts a timeout of their own around `fetch`.

    Args:
        policy: Judges the final address of every connection.
        lookup: Answers every address of a name; by default the system's resolver.
        tls: Makes the one TLS context; by default it trusts what the system trusts.
        at_once: Requests under way at the most.
    """

    def __init__(
        self,
        policy: AddressPolicy,
        *,
        lookup: Lookup | None = None,
        tls: Callable[[], ssl.SSLContext] = ssl.create_default_context,
        at_once: int = _AT_ONCE,
    ) -> None:
        self._policy = policy
        self._names = NameLookup()
        self._lookup = lookup or self._names
        self._tls = tls
        self._slots = Slots(at_once)
        self._opening = asyncio.Lock()
        self._session: Session | None = None
        self._closed = False

    async def fetch(self, request: HttpRequest) -> HttpResponse:
        """Exchange one request for its whole answer; any status is an answer.

        Raises:
            OutboundError: one of its subclasses says what went wrong.
            InvalidInputError: the URL or a header cannot be sent.
            HttpClosedError: the host is stopping.
        """
        session = await self._opened()
        return await session.fetch(request)

    async def close(self) -> None:
        """Close every connection; what is under way fails, what comes is refused."""
        self._closed = True
        async with self._opening:
            session, self._session = self._session, None
        if session is not None:
            await session.close()
        self._names.close()

    async def _opened(self) -> Session:
        if self._session is None:
            async with self._opening:
                await self._open()
        if self._session is None:
            raise HttpClosedError
        return self._session

    async def _open(self) -> None:
        if self._session is not None or self._closed:
            return
        # In a thread: the imports and the trust store take most of a second together.
        session, tls = await asyncio.to_thread(_load, self._tls)
        self._session = session(self._policy, self._lookup, tls, self._slots)


def _load(
    tls: Callable[[], ssl.SSLContext],
) -> tuple[type[Session], ssl.SSLContext]:
    from ._session import Session  # noqa: PLC0415 - imported when first needed

    return Session, tls()
