"""The exchange itself. Importing this imports httpx and aiohttp: over half a second."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterable
from functools import lru_cache
from typing import Final, NamedTuple, cast

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from nxforge_core.api import HttpRequest, HttpResponse
from nxforge_core.api.errors import OutboundTimeoutError, OutboundTooLargeError

from ._address import AddressPolicy
from ._connector import guarded_connector
from ._errors import OutboundRedirectError
from ._failure import LIBRARY_ERRORS, outbound_error
from ._hops import Hop, first_hop, following_hop
from ._inflate import Inflater
from ._names import Lookup
from ._slots import Slots
from ._target import read_target

__all__ = ["Session"]

_REDIRECTS: Final = 3
#: How much larger than `max_bytes` a body may be once it is unpacked.
_INFLATED: Final = 4
#: The same endpoints are asked again and again: reading a URL costs 50 us.
_URLS_KEPT: Final = 1_024


class Session:
    """One aiohttp session below httpx's transport.

    The transport is used without `httpx.AsyncClient`: a client keeps cookies of one
    device for the next, which is exactly what must not happen here.
    """

    def __init__(
        self, policy: AddressPolicy, lookup: Lookup, tls: ssl.SSLContext, slots: Slots
    ) -> None:
        self._slots = slots
        self._read_target = lru_cache(_URLS_KEPT)(read_target)
        self._client = aiohttp.ClientSession(
            connector=guarded_connector(policy, lookup, tls),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None),
            trust_env=False,
        )
        self._transport = AiohttpTransport(
            client=self._client, verify=tls, trust_env=False
        )

    async def close(self) -> None:
        """Close every connection; what is under way fails."""
        await self._client.close()

    async def fetch(self, request: HttpRequest) -> HttpResponse:
        """As `nxforge_core.api.Http.fetch`."""
        target = self._read_target(request.url)
        hop = first_hop(request, target)
        loop = asyncio.get_running_loop()
        async with self._slots.hold(target.spot):
            started = loop.time()
            try:
                async with asyncio.timeout(request.timeout):
                    hop, answer = await self._follow(hop, request.max_bytes)
            except TimeoutError as error:
                raise OutboundTimeoutError(target.shown, request.timeout) from error
            return HttpResponse(
                **answer._asdict(),
                url=str(hop.target.url),
                elapsed=loop.time() - started,
            )

    async def _follow(self, hop: Hop, max_bytes: int) -> tuple[Hop, _Answer]:
        first = hop
        for _ in range(_REDIRECTS + 1):
            answer = await self._exchange(hop, max_bytes)
            location = answer.headers.get("location")
            following = following_hop(hop, answer.status, location)
            if following is None:
                return hop, answer
            hop = following
        raise OutboundRedirectError(
            first.target.shown,
            hop.target.shown,
            f"after {_REDIRECTS} redirects already",
        )

    async def _exchange(self, hop: Hop, max_bytes: int) -> _Answer:
        url = hop.target.shown
        try:
            response = await self._transport.handle_async_request(hop.encoded())
            try:
                headers = dict(response.headers.multi_items())
                body = await _body(url, response, headers, max_bytes)
            finally:
                await response.aclose()
        except LIBRARY_ERRORS as error:
            raise outbound_error(url, error) from error
        return _Answer(response.status_code, headers, body)


class _Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


async def _body(
    url: str, response: httpx.Response, headers: dict[str, str], max_bytes: int
) -> bytes:
    declared = headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > max_bytes:
        raise OutboundTooLargeError(url, max_bytes)
    inflater = Inflater(url, headers.get("content-encoding", ""), _INFLATED * max_bytes)
    came = 0
    # Not `response.aiter_raw`: it copies every piece once more.
    async for piece in cast("AsyncIterable[bytes]", response.stream):
        came += len(piece)
        if came > max_bytes:
            raise OutboundTooLargeError(url, max_bytes)
        inflater.feed(piece)
    return inflater.finish()
