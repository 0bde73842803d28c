"""Pages that were fetched, for devices that say when theirs has not changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

import msgspec

from nxforge_core.api import HttpResponse

from ._recent import Recent
from ._request import PageRequest

__all__ = ["Bodies", "KnownPage"]

#: Meter pages are small; a larger one is cheaper asked for than kept.
_LARGEST: Final = 65_536
_OK: Final = 200
_ROOM: Final = 16 * 1024 * 1024
#: A page changed within the second of its date has the same date as before.
_SURE: Final = timedelta(seconds=1)


class KnownPage(msgspec.Struct, frozen=True):
    """A page that was fetched, and what the device said to know it by.

    Attributes:
        mark: Of the request.
        validator: Name and value of the header that asks for it if it is another.
        trusted: The validator was seen to change with the page.
    """

    mark: bytes
    validator: tuple[str, str]
    response: HttpResponse
    trusted: bool

    def renewed(self, answer: HttpResponse) -> HttpResponse:
        """The page that a 304 stands for, with the facts of this answer."""
        return msgspec.structs.replace(
            self.response, elapsed=answer.elapsed, certificate=answer.certificate
        )


class Bodies:
    """The last page of each key, for those who are asked by GET.

    There are devices whose ETag or date is that of a file and stays while the numbers
    on the page move. Believed, it would stop the meter. So a validator is used only
    once it was seen to change together with its page.
    """

    def __init__(self) -> None:
        self._known = Recent[KnownPage](_ROOM, lambda known: len(known.response.body))

    def trusted(self, request: PageRequest) -> KnownPage | None:
        """The page to ask for on condition; None: ask without."""
        known = self._find(request)
        return known if known is not None and known.trusted else None

    def learn(self, request: PageRequest, answer: HttpResponse) -> None:
        """Note a page that came whole."""
        if not request.key or request.method != "GET":
            return
        validator = _validator(answer)
        if validator is None or len(answer.body) > _LARGEST or answer.status != _OK:
            self._known.drop(request.key)
            return
        known = self._find(request)
        trusted = known is not None and known.trusted
        if known is not None and known.response.body != answer.body:
            trusted = known.validator != validator
        known = KnownPage(request.mark(), validator, answer, trusted)
        self._known.put(request.key, known)

    def drop(self, key: str) -> None:
        """Forget a page."""
        self._known.drop(key)

    def _find(self, request: PageRequest) -> KnownPage | None:
        known = self._known.get(request.key)
        return known if known is not None and known.mark == request.mark() else None


def _validator(answer: HttpResponse) -> tuple[str, str] | None:
    if etag := answer.headers.get("etag"):
        return "If-None-Match", etag
    changed = answer.headers.get("last-modified", "")
    since, now = _date(changed), _date(answer.headers.get("date", ""))
    if since is None or now is None or now - since < _SURE:
        return None
    return "If-Modified-Since", changed


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
