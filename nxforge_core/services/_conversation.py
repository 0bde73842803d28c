"""From the first request to the answer: redirects, a digest challenge, cookies."""

from __future__ import annotations

from collections.abc import AsyncIterable
from typing import Final, NamedTuple, cast

import httpx

from nxforge_core.api import DigestAuth, HttpRequest
from nxforge_core.api.errors import OutboundTooLargeError

from ._certificate import Trust
from ._challenge import read_challenge
from ._digest import Digest
from ._errors import OutboundRedirectError
from ._failure import LIBRARY_ERRORS, outbound_error
from ._hops import Hop, following_hop
from ._inflate import Inflater
from ._kept import Kept

__all__ = ["Answer", "Conversation"]

_REDIRECTS: Final = 3
#: How much larger than `max_bytes` a body may be once it is unpacked.
_INFLATED: Final = 4
_UNAUTHORIZED: Final = 401


class Answer(NamedTuple):
    """What came back.

    Attributes:
        challenge: The digest challenge of a 401, where one was asked for.
        certificate: DER; None without TLS.
    """

    status: int
    headers: dict[str, str]
    body: bytes
    certificate: bytes | None
    challenge: Digest | None


class Conversation:
    """One fetch.

    Args:
        transport: Sends.
        request: For its limits and its digest credentials.
        trust: Whose certificate is good enough.
        kept: What is kept of the caller's session; None without one.
    """

    def __init__(
        self,
        transport: httpx.AsyncBaseTransport,
        request: HttpRequest,
        *,
        trust: Trust,
        kept: Kept | None,
    ) -> None:
        self._transport = transport
        self._max_bytes = request.max_bytes
        self._auth = request.auth if isinstance(request.auth, DigestAuth) else None
        self._trust = trust
        self._kept = kept
        self._digest = kept.digest if kept is not None else None

    async def follow(self, hop: Hop) -> tuple[Hop, Answer]:
        """Ask, and follow redirects; answers the last request as well.

        Raises:
            OutboundError: one of its subclasses says what went wrong.
        """
        first = hop
        for _ in range(_REDIRECTS + 1):
            answer = await self._ask(hop)
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

    async def _ask(self, hop: Hop) -> Answer:
        """One exchange, and a second one where the device asks for a digest."""
        answer = await self._exchange(self._authorized(hop))
        if answer.challenge is None:
            return answer
        self._digest = answer.challenge
        if self._kept is not None:
            self._kept.digest = answer.challenge
        return await self._exchange(self._authorized(hop))

    def _authorized(self, hop: Hop) -> Hop:
        if self._auth is None or self._digest is None:
            return hop
        return hop.answering(self._digest, self._auth)

    async def _exchange(self, hop: Hop) -> Answer:
        url = hop.target.shown
        request = hop.encoded(self._trust)
        if self._kept is not None:
            self._kept.add_cookies(request)
        try:
            response = await self._transport.handle_async_request(request)
            try:
                headers = dict(response.headers.multi_items())
                body = await self._body(url, response, headers)
            finally:
                await response.aclose()
        except LIBRARY_ERRORS as error:
            raise outbound_error(url, error) from error
        if self._kept is not None:
            self._kept.take_cookies(response)
        return Answer(
            response.status_code,
            headers,
            body,
            response.extensions["certificate"],
            self._challenge(response),
        )

    def _challenge(self, response: httpx.Response) -> Digest | None:
        if self._auth is None or response.status_code != _UNAUTHORIZED:
            return None
        found = read_challenge(response.headers.get_list("www-authenticate"))
        return None if found is None else Digest(found)

    async def _body(
        self, url: str, response: httpx.Response, headers: dict[str, str]
    ) -> bytes:
        limit = self._max_bytes
        declared = headers.get("content-length", "")
        if declared.isdecimal() and int(declared) > limit:
            raise OutboundTooLargeError(url, limit)
        encoding = headers.get("content-encoding", "")
        inflater = Inflater(url, encoding, _INFLATED * limit)
        came = 0
        # Not `response.aiter_raw`: it copies every piece once more.
        async for piece in cast("AsyncIterable[bytes]", response.stream):
            came += len(piece)
            if came > limit:
                raise OutboundTooLargeError(url, limit)
            inflater.feed(piece)
        return inflater.finish()
