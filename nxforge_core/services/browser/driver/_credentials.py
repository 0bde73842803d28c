"""Headers and passwords of a visit, for requests to the page's own origin only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from nxforge_core.services.browser._messages import Visit

from ._chromium import Session

__all__ = ["Credentials"]

_PORTS: Final = {"http": 80, "https": 443}


class Credentials:
    """What one page's requests carry.

    A host's other ports belong to somebody else as often as not: meters behind one
    address differ by nothing but their port. Chromium's own setting for additional
    headers gives them to every host and port that the page asks.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._headers: Mapping[str, str] = {}
        self._login: tuple[str, str] | None = None
        self._origins: frozenset[str] = frozenset()
        self._asked: set[str] = set()
        self._on = False
        session.on("Fetch.requestPaused", self._on_paused)
        session.on("Fetch.authRequired", self._on_challenge)

    async def begin(self, order: Visit, headers: Mapping[str, str]) -> None:
        """Forget the last visit's, and hand out this one's."""
        self._headers, self._login = headers, order.login
        self._origins = _origins(order.url)
        self._asked.clear()
        if not self._on:
            self._on = True
            # Of every visit: a part of a page that asks for a password would
            # otherwise wait for somebody to type it.
            await self._session.call("Fetch.enable", handleAuthRequests=True)

    def _on_paused(self, event: Mapping[str, Any]) -> None:
        request = event["request"]
        more: dict[str, object] = {}
        if self._headers and _origin(request["url"]) in self._origins:
            given = {name.lower() for name in self._headers}
            sent = {
                name: value
                for name, value in request["headers"].items()
                if name.lower() not in given
            }
            sent.update(self._headers)
            more["headers"] = [
                {"name": name, "value": value} for name, value in sent.items()
            ]
        self._session.tell(
            "Fetch.continueRequest", requestId=event["requestId"], **more
        )

    def _on_challenge(self, event: Mapping[str, Any]) -> None:
        answer = {"response": "CancelAuth"}
        asks, again = event["authChallenge"], event["requestId"] in self._asked
        ours = _origin(asks["origin"]) in self._origins and asks["source"] == "Server"
        if self._login is not None and ours and not again:
            self._asked.add(event["requestId"])
            name, password = self._login
            answer = {
                "response": "ProvideCredentials",
                "username": name,
                "password": password,
            }
        self._session.tell(
            "Fetch.continueWithAuth",
            requestId=event["requestId"],
            authChallengeResponse=answer,
        )


def _origins(url: str) -> frozenset[str]:
    """The page's own, and where the page may move to without a loss."""
    own = _origin(url)
    moved = f"https://{own.removeprefix('http://')}"
    is_plain = own.startswith("http://") and urlsplit(own).port is None
    return frozenset({own, moved} if is_plain else {own})


def _origin(url: str) -> str:
    """As Chromium writes it: without a port that goes without saying."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    said = parts.port not in (None, _PORTS.get(parts.scheme))
    return (
        f"{parts.scheme}://{host}:{parts.port}" if said else f"{parts.scheme}://{host}"
    )
