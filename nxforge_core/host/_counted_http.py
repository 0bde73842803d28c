"""Outgoing requests of one plugin, counted."""

from __future__ import annotations

import time

from nxforge_core.api import Http, HttpRequest, HttpResponse
from nxforge_core.plugins import Account

__all__ = ["CountedHttp"]


class CountedHttp:
    """Implements `nxforge_core.api.Http` by another one.

    Args:
        http: Sends.
        account: Is told.
    """

    def __init__(self, http: Http, account: Account) -> None:
        self._http = http
        self._account = account

    async def fetch(self, request: HttpRequest) -> HttpResponse:
        """Exchange one request for its whole answer."""
        account, begin = self._account, time.perf_counter()
        account.fetches += 1
        try:
            return await self._http.fetch(request)
        except BaseException:
            account.fetch_failures += 1
            raise
        finally:
            account.fetching += time.perf_counter() - begin
