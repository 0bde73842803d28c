"""Fetching pages, with what has to be kept between two fetches."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode, urlsplit

import msgspec

from nxforge_core.api import (
    Browser,
    Http,
    HttpSession,
    OutboundTimeoutError,
)

from ._answer import Answer
from ._asking import Asking, plain
from ._bodies import Bodies
from ._browse import browse
from ._errors import LoginRefusedError
from ._login import form_login, json_login
from ._options import FormOptions, JsonLoginOptions
from ._recent import Recent
from ._redact import redact
from ._request import PageRequest
from ._ticket import REFUSED, Ticket, stranger_sign

__all__ = ["Pages"]

#: Seconds beyond the requests' own deadline until a poll is given up regardless.
_GRACE: Final = 2.0
_LOGINS: Final = 2_000
_NOT_MODIFIED: Final = 304
_GOOD: Final = range(200, 300)


class _Kept(msgspec.Struct, frozen=True):
    mark: bytes
    ticket: Ticket


class Pages:
    """Fetches pages of devices. One for all polls of a process.

    Logins and small pages are kept under the request's key, a bounded number of them,
    and only as long as address and credential stay the same.
    """

    def __init__(self) -> None:
        self._tickets = Recent[_Kept](_LOGINS)
        self._bodies = Bodies()

    async def fetch(
        self, request: PageRequest, http: Http, browser: Browser | None = None
    ) -> Answer:
        """Ask a device for a page, logged in where it wants that.

        A login that is over is made once more, and never a second time: devices lock
        accounts.

        Args:
            request: What is asked.
            http: For pages that need no browser.
            browser: For those that do.

        Raises:
            OutboundError: no complete answer; `reason` says why in one word.
            ExtractionError: the page with the login form cannot be read.
            BrowserMissingError: the page needs a browser, and there is none.
        """
        if request.client == "browser" and browser is not None:
            return await browse(request, browser)
        try:
            async with asyncio.timeout(request.timeout_s + _GRACE):
                return await self._fetch(request, Asking(http, request))
        except TimeoutError as error:
            url = redact(plain(request.url))
            raise OutboundTimeoutError(url, request.timeout_s) from error

    async def _fetch(self, request: PageRequest, asking: Asking) -> Answer:
        options = request.auth.options
        if not isinstance(options, FormOptions | JsonLoginOptions):
            return await self._ask(request, asking, self._ticket(request))
        ticket = self._ticket(request)
        if ticket is not None:
            answer = await self._ask(request, asking, ticket)
            if not stranger_sign(options, answer.response):
                return answer
            self._forget(request)
        ticket = await _log_in(request, options, asking)
        answer = await self._ask(request, asking, ticket)
        if sign := stranger_sign(options, answer.response):
            self._forget(request)
            if answer.response.status in REFUSED:
                return answer
            raise LoginRefusedError(plain(answer.response.url), sign)
        self._keep(request, ticket)
        return answer

    def _ticket(self, request: PageRequest) -> Ticket | None:
        kept = self._tickets.get(request.key)
        now = asyncio.get_running_loop().time()
        if kept is not None and (
            kept.mark != request.mark() or kept.ticket.until <= now
        ):
            self._forget(request)
            kept = None
        if kept is not None:
            return kept.ticket
        if request.auth.kind != "digest":
            return None
        ticket = Ticket(session=HttpSession())
        self._keep(request, ticket)
        return ticket

    def _keep(self, request: PageRequest, ticket: Ticket) -> None:
        if request.key:
            self._tickets.put(request.key, _Kept(request.mark(), ticket))

    def _forget(self, request: PageRequest) -> None:
        self._tickets.drop(request.key)
        self._bodies.drop(request.key)

    async def _ask(
        self, request: PageRequest, asking: Asking, ticket: Ticket | None
    ) -> Answer:
        """The page, and with it the further ones, all before one deadline."""
        answer = await self._ask_one(request, asking, ticket)
        if not request.sources or answer.response.status not in _GOOD:
            return answer
        others = {}
        for name, source in request.sources.items():
            # Nothing of it is kept: what is, is kept under the endpoint's own page.
            own = msgspec.structs.replace(
                request,
                url=asking.place(source.url),
                method=source.method,
                body=source.body,
                key="",
                sources={},
            )
            others[name] = (await self._ask_one(own, asking, ticket)).response
        return msgspec.structs.replace(answer, others=others)

    async def _ask_one(
        self, request: PageRequest, asking: Asking, ticket: Ticket | None
    ) -> Answer:
        known = self._bodies.trusted(request)
        condition = dict([known.validator]) if known else {}
        carried = ticket or Ticket()
        asking.hide(carried.secrets)
        response = await asking.ask(
            _with_query(request.url, carried.parameters),
            method=request.method,
            headers={
                **request.headers,
                **request.auth.headers(),
                **carried.headers,
                **condition,
            },
            body=None if request.body is None else request.body.encode(),
            auth=request.auth.login(),
            session=carried.session,
        )
        if known is not None and response.status == _NOT_MODIFIED:
            whole = known.renewed(response)
            return Answer(whole, unchanged=True, secrets=asking.secrets)
        self._bodies.learn(request, response)
        return Answer(response, secrets=asking.secrets)


async def _log_in(
    request: PageRequest, options: FormOptions | JsonLoginOptions, asking: Asking
) -> Ticket:
    if isinstance(options, FormOptions):
        return await form_login(request, options, asking)
    return await json_login(request, options, asking)


def _with_query(url: str, parameters: Mapping[str, str]) -> str:
    if not parameters:
        return url
    parts = urlsplit(url)
    query = "&".join(filter(None, (parts.query, urlencode(parameters))))
    return parts._replace(query=query).geturl()
