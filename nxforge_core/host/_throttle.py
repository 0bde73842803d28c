"""Who asks too often: strangers by their address, callers by their account or token."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

from nxforge_core.security import Principal, Rates, site_of

from ._errors import TooManyRequestsError

__all__ = ["Throttle"]

_REMEMBERED: Final = 1024


class Throttle:
    """Counts requests of this process.

    An address whose limit is spent is asked for a credential that was accepted before:
    a flood of made-up ones reaches no database and keeps out nobody who is in.

    Args:
        strangers: Per second, of one address, without an accepted credential; 0 is no
            limit.
        callers: The same of one account or token.
        monotonic: A clock that never goes back, in seconds.
    """

    def __init__(
        self,
        strangers: float = 0.0,
        callers: float = 0.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._strangers = Rates(strangers, monotonic)
        self._callers = Rates(callers, monotonic)
        # Hashes: a credential that is known here cannot leak from here.
        self._accepted: dict[int, None] = {}

    def stranger(self, scope: Any) -> None:
        """Count a request without a credential, or with one that is not accepted.

        Raises:
            TooManyRequestsError: the address sent too many of them.
        """
        address = _address(scope)
        if seconds := self._strangers.spend(address):
            raise TooManyRequestsError(kind="address", whose=address, seconds=seconds)

    def look(self, scope: Any, credential: str) -> None:
        """Refuse to look up a credential for an address that tried too many.

        Raises:
            TooManyRequestsError: it did, and this one is new.
        """
        if hash(credential) in self._accepted:
            return
        address = _address(scope)
        if seconds := self._strangers.wait(address):
            raise TooManyRequestsError(kind="address", whose=address, seconds=seconds)

    def caller(self, principal: Principal, credential: str | None = None) -> None:
        """Count a request of somebody who was recognised.

        Args:
            principal: Who it is.
            credential: How they were; None for the visitor of an outer application.

        Raises:
            TooManyRequestsError: they sent too many.
        """
        if credential is not None:
            self._remember(credential)
        who = (principal.name, principal.token, principal.session)
        key = ("person", principal.person) if principal.person is not None else who
        if seconds := self._callers.spend(key):
            raise TooManyRequestsError(
                kind="caller", whose=principal.name, seconds=seconds
            )

    def _remember(self, credential: str) -> None:
        key = hash(credential)
        if key not in self._accepted:
            if len(self._accepted) >= _REMEMBERED:
                del self._accepted[next(iter(self._accepted))]
            self._accepted[key] = None


def _address(scope: Any) -> str:
    client = scope.get("client")
    return site_of(str(client[0])) if client else ""
