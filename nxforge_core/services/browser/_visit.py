"""From a plugin's request to the order that the browser process gets."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urljoin

from nxforge_core.api import (
    BasicAuth,
    BrowserRequest,
    BrowserStep,
    DigestAuth,
    Navigate,
)
from nxforge_core.api.errors import InvalidInputError
from nxforge_core.services._target import Target, read_target, shown_url

from ._messages import Visit
from ._pool import Lane

__all__ = ["visit_order"]

_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_UNSENDABLE: Final = re.compile(r"[^\t\x20-\x7e]")


def visit_order(
    request: BrowserRequest, target: Target, lane: Lane, number: int, left: float
) -> Visit:
    """What the browser process is told.

    Raises:
        InvalidInputError: a step leads to another host, or a header cannot be sent.
    """
    auth = request.auth or target.auth
    headers = dict(request.headers)
    _check(headers)
    if isinstance(auth, BasicAuth):
        headers["Authorization"] = _basic(auth)
    digest = (auth.username, auth.password) if isinstance(auth, DigestAuth) else None
    return Visit(
        id=number,
        lane=lane.number,
        proxy=lane.gate.proxy,
        url=str(target.url),
        steps=tuple(_placed(step, target) for step in request.steps),
        headers=headers,
        login=digest,
        timeout=left,
        max_bytes=request.max_bytes,
        insecure=request.tls == "insecure",
        viewport=request.viewport,
        screenshot=request.screenshot,
        hidden=request.hidden,
    )


def _placed(step: BrowserStep, target: Target) -> BrowserStep:
    if not isinstance(step, Navigate):
        return step
    place = read_target(urljoin(str(target.url), step.url))
    if place.spot.host != target.spot.host:
        raise InvalidInputError(
            field="navigate",
            value=shown_url(step.url),
            remedy="stay on the host of the page: give a path",
        )
    return Navigate(str(place.url))


def _check(headers: Mapping[str, str]) -> None:
    for name, value in headers.items():
        if not _NAME.match(name) or _UNSENDABLE.search(value):
            raise InvalidInputError(
                field="header",
                value=name,
                remedy="use a header's name and one line of ASCII as value",
            )


def _basic(auth: BasicAuth) -> str:
    pair = f"{auth.username}:{auth.password}".encode()
    return f"Basic {base64.b64encode(pair).decode()}"
