"""Fetching a device's page."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Sequence
from typing import Any, Final, cast

import msgspec

from nxforge_consumption_monitor.models import DueEndpoint
from nxforge_core.api import (
    BasicAuth,
    Http,
    HttpRequest,
    HttpResponse,
    OutboundTimeoutError,
    Secrets,
)

__all__ = ["Answer", "fetch_page"]

#: Seconds beyond the request's own deadline until the poll is given up regardless.
_GRACE: Final = 2.0


class Answer(msgspec.Struct, frozen=True):
    """A device's answer.

    Attributes:
        secrets: Texts that must not appear in anything that is stored or logged.
    """

    response: HttpResponse
    secrets: Sequence[str] = ()

    def __repr__(self) -> str:
        return f"Answer({self.response.status}, {len(self.response.body)} bytes)"


async def fetch_page(endpoint: DueEndpoint, http: Http, secrets: Secrets) -> Answer:
    """Ask the device once. Its secret is opened for this exchange only.

    Raises:
        OutboundError: no complete answer; `reason` says why in one word.
        NxForgeError: the stored secret cannot be opened.
    """
    secret = secrets.open(endpoint.sealed_secret) if endpoint.sealed_secret else ""
    request = _request(endpoint, secret)
    try:
        async with asyncio.timeout(endpoint.timeout_s + _GRACE):
            response = await http.fetch(request)
    except TimeoutError as error:
        raise OutboundTimeoutError(endpoint.url, endpoint.timeout_s) from error
    return Answer(response, _forms(endpoint, secret))


def _request(endpoint: DueEndpoint, secret: str) -> HttpRequest:
    headers = dict(endpoint.headers)
    auth = None
    if endpoint.auth_type == "basic":
        auth = BasicAuth(endpoint.username or "", secret)
    elif endpoint.auth_type == "bearer":
        headers["Authorization"] = f"Bearer {secret}"
    elif endpoint.auth_type == "header":
        headers[endpoint.username or ""] = secret
    return HttpRequest(
        url=endpoint.url,
        method=cast("Any", endpoint.method),
        headers=headers,
        body=None if endpoint.body is None else endpoint.body.encode(),
        auth=auth,
        timeout=endpoint.timeout_s,
    )


def _forms(endpoint: DueEndpoint, secret: str) -> tuple[str, ...]:
    if not secret:
        return ()
    pair = f"{endpoint.username or ''}:{secret}"
    return secret, base64.b64encode(pair.encode()).decode()
