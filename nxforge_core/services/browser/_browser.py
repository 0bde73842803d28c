"""`ctx.browser` of the host: visits and documents, each with an end."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from nxforge_core.api import BrowserPage, BrowserRequest
from nxforge_core.api.errors import (
    BrowserError,
    BrowserMissingError,
    OutboundConnectError,
)
from nxforge_core.services._address import (
    AddressPolicy,
    AddressRefusedError,
    check_address,
    literal_address,
)
from nxforge_core.services._names import Lookup, NameLookup
from nxforge_core.services._target import Target, read_target

from ._errors import BrowserGoneError, ChromiumStartError
from ._failure import visit_error
from ._find import find_browser
from ._gate import Way
from ._messages import Failed, Print, Printed, Visited
from ._options import BrowserOptions
from ._pool import Lane, Pool
from ._visit import visit_order

__all__ = ["PooledBrowser"]

_DOCUMENT = "a document"


class PooledBrowser:
    """`nxforge_core.api.Browser` under a network policy. One for each host object.

    Nothing is started, and pyppeteer not imported, before the first call. Waiting
    for a free page, and for Chromium to start, is not part of
    `BrowserRequest.timeout`.

    Args:
        policy: Judges the final address of every connection of every page.
        options: Where and how Chromium is run.
        lookup: Answers every address of a name; by default the system's resolver.
    """

    def __init__(
        self,
        policy: AddressPolicy,
        options: BrowserOptions,
        *,
        lookup: Lookup | None = None,
    ) -> None:
        self._policy = policy
        self._options = options
        self._names = NameLookup()
        self._lookup = lookup or self._names
        self._pool = Pool(policy, options)
        self._ids = itertools.count(1)

    @property
    def pids(self) -> tuple[int, ...]:
        """Of the browser process and of Chromium; empty while neither runs."""
        return self._pool.pids

    def missing(self) -> BrowserMissingError | None:
        """Say what stands in the way here; None: there is a browser."""
        try:
            find_browser(self._options)
        except BrowserMissingError as error:
            return error
        return None

    async def fetch(self, request: BrowserRequest) -> BrowserPage:
        """As `nxforge_core.api.Browser.fetch`."""
        find_browser(self._options)
        target = read_target(request.url)
        place = self._pool.lane(target.spot)
        # Before a lane is asked for: what is refused costs no Chromium.
        way, spent = await self._way_in_time(target, request.timeout)
        asked = self._lane(place, target.shown, request.timeout, spent)
        async with asked as (lane, until):
            with lane.gate.admit(way):
                said = await self._pool.ask(
                    lambda left: visit_order(
                        request, target, lane, next(self._ids), left
                    ),
                    until,
                )
        if isinstance(said, Visited):
            return said.page
        raise visit_error(target.shown, request, way, said)

    async def pdf(self, html: str, *, timeout: float = 30.0) -> bytes:  # noqa: ASYNC109 - the port's
        """As `nxforge_core.api.Browser.pdf`."""
        find_browser(self._options)
        place = self._pool.lane(None)
        async with self._lane(place, _DOCUMENT, timeout) as (lane, until):
            said = await self._pool.ask(
                lambda left: Print(
                    id=next(self._ids),
                    lane=lane.number,
                    proxy=lane.gate.proxy,
                    html=html,
                    timeout=left,
                ),
                until,
            )
        if isinstance(said, Printed):
            return said.pdf
        if isinstance(said, Failed):
            raise BrowserError(_DOCUMENT, said.what, reason=said.reason)
        raise BrowserError(_DOCUMENT, "it was not printed")

    async def close(self) -> None:
        """End Chromium; what is under way fails, what comes is refused."""
        await self._pool.close()
        self._names.close()

    @asynccontextmanager
    async def _lane(
        self,
        place: AbstractAsyncContextManager[Lane],
        shown: str,
        seconds: float,
        spent: float = 0.0,
    ) -> AsyncIterator[tuple[Lane, float]]:
        """A lane and the instant of the deadline.

        Who does not answer before that is ended with everything it has in hand.
        """
        async with place as lane:
            left = seconds - spent
            timer = asyncio.timeout(left)
            try:
                await self._pool.ready()
                async with timer:
                    yield lane, asyncio.get_running_loop().time() + left
            except TimeoutError as error:
                if not timer.expired():
                    raise
                self._pool.abandon()
                what = f"no answer within {seconds:g} s"
                raise BrowserError(shown, what, reason="timeout") from error
            except BrowserGoneError as error:
                if error.fatal:
                    raise ChromiumStartError(error.what) from error
                raise BrowserError(shown, error.what) from error

    async def _way_in_time(self, target: Target, seconds: float) -> tuple[Way, float]:
        """The way, and the seconds that it took."""
        begun = asyncio.get_running_loop().time()
        timer = asyncio.timeout(seconds)
        try:
            async with timer:
                way = await self._way(target)
        except TimeoutError as error:
            if not timer.expired():
                raise
            what = f"its name was not found within {seconds:g} s"
            raise BrowserError(target.shown, what, reason="timeout") from error
        return way, asyncio.get_running_loop().time() - begun

    async def _way(self, target: Target) -> Way:
        """Look the host up, once for the whole visit.

        Raises:
            OutboundDeniedError: the policy refuses one of its addresses.
            OutboundConnectError: it has none.
        """
        host, port = target.spot
        literal = literal_address(host)
        try:
            addresses = [literal] if literal else await self._lookup(host, port)
            for address in addresses:
                check_address(self._policy, address, port)
        except AddressRefusedError as error:
            raise error.outbound(target.shown) from error
        except OSError as error:
            what = f"the name cannot be resolved ({error.strerror or error})"
            raise OutboundConnectError(target.shown, what, reason="dns") from error
        return Way(host.rstrip(".").lower(), tuple(addresses))
