"""httpx's transport on aiohttp, with TLS decided per request."""

from __future__ import annotations

import ssl

import aiohttp
import httpx
from aiohttp.connector import Connection
from httpx_aiohttp import AiohttpTransport
from httpx_aiohttp.transport import AiohttpResponseStream, map_aiohttp_exceptions

__all__ = ["CertifiedResponse", "Transport"]


class CertifiedResponse(aiohttp.ClientResponse):
    """Notes the other side's certificate while it has the connection.

    Attributes:
        certificate: DER; None without TLS.
    """

    certificate: bytes | None = None

    async def start(self, connection: Connection) -> aiohttp.ClientResponse:
        """As aiohttp's; a short answer gives its connection back in there."""
        transport = connection.transport
        session = transport.get_extra_info("ssl_object") if transport else None
        if isinstance(session, ssl.SSLObject | ssl.SSLSocket):
            self.certificate = session.getpeercert(binary_form=True)
        return await super().start(connection)


class Transport(AiohttpTransport):
    """One exchange: no redirects, no cookies, no unpacking.

    httpx-aiohttp has one TLS setting for all requests, and reads each URL once more:
    that is why sending is written here. Requests carry two extensions, `wire` (the
    URL for aiohttp) and `trust`; answers one, `certificate`.
    """

    def __init__(self, client: aiohttp.ClientSession, tls: ssl.SSLContext) -> None:
        super().__init__(client=client, verify=tls, trust_env=False)
        self._session = client

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send, and wait for the head of the answer."""
        with map_aiohttp_exceptions():
            answer = await self._session.request(
                method=request.method,
                url=request.extensions["wire"],
                headers=request.headers,
                data=request.content or None,
                allow_redirects=False,
                auto_decompress=False,
                ssl=request.extensions["trust"],
            )
        assert isinstance(answer, CertifiedResponse)  # noqa: S101 - the session's class
        return httpx.Response(
            answer.status,
            headers=answer.raw_headers,
            stream=AiohttpResponseStream(answer),
            request=request,
            extensions={"certificate": answer.certificate},
        )
