"""The exchange itself. Importing this imports httpx and aiohttp: over half a second."""

from __future__ import annotations

import asyncio
import ssl
from functools import lru_cache
from typing import Final

import aiohttp

from nxforge_core.api import HttpRequest, HttpResponse
from nxforge_core.api.errors import OutboundTimeoutError

from ._address import AddressPolicy
from ._certificate import read_certificate, trusted
from ._connector import guarded_connector
from ._conversation import Conversation
from ._hops import first_hop
from ._kept import KeptSessions
from ._names import Lookup
from ._slots import Slots
from ._target import read_target
from ._transport import CertifiedResponse, Transport

__all__ = ["Session"]

#: The same endpoints are asked again and again: reading a URL costs 50 us.
_URLS_KEPT: Final = 1_024
#: The same for certificates; and aiohttp knows a pin's connections by its object.
_PINS_KEPT: Final = 1_024


class Session:
    """One aiohttp session below httpx's transport.

    The transport is used without `httpx.AsyncClient`: a client keeps cookies of one
    device for the next, which is exactly what must not happen here.
    """

    def __init__(
        self, policy: AddressPolicy, lookup: Lookup, tls: ssl.SSLContext, slots: Slots
    ) -> None:
        self._slots = slots
        self._kept = KeptSessions()
        self._read_target = lru_cache(_URLS_KEPT)(read_target)
        self._trusted = lru_cache(_PINS_KEPT)(trusted)
        self._read_certificate = lru_cache(_PINS_KEPT)(read_certificate)
        self._client = aiohttp.ClientSession(
            connector=guarded_connector(policy, lookup, tls),
            cookie_jar=aiohttp.DummyCookieJar(),
            response_class=CertifiedResponse,
            timeout=aiohttp.ClientTimeout(total=None),
            trust_env=False,
        )
        self._transport = Transport(self._client, tls)

    async def close(self) -> None:
        """Close every connection; what is under way fails."""
        await self._client.close()

    async def fetch(self, request: HttpRequest) -> HttpResponse:
        """As `nxforge_core.api.Http.fetch`."""
        target = self._read_target(request.url)
        talk = Conversation(
            self._transport,
            request,
            trust=self._trusted(request.tls, request.pin),
            kept=self._kept.of(request.session, target.spot.host),
        )
        hop = first_hop(request, target)
        loop = asyncio.get_running_loop()
        async with self._slots.hold(target.spot):
            started = loop.time()
            try:
                async with asyncio.timeout(request.timeout):
                    hop, answer = await talk.follow(hop)
            except TimeoutError as error:
                raise OutboundTimeoutError(target.shown, request.timeout) from error
            der = answer.certificate
            return HttpResponse(
                status=answer.status,
                headers=answer.headers,
                body=answer.body,
                url=str(hop.target.url),
                elapsed=loop.time() - started,
                certificate=None if der is None else self._read_certificate(der),
            )
