"""Requests to every route of a plugin, as somebody who may and as nobody."""

from __future__ import annotations

import asyncio
import re
import typing
from typing import Any, Final

from nxforge_core.api import EventStream, RouteSpec
from nxforge_core.plugins import innermost
from nxforge_core.testing import PluginHost

from ._acts import FAILURE, Asked
from ._case import Case

__all__ = ["Asker"]

_SECONDS: Final = 20.0
#: Characters of a failed answer that are shown.
_WORDS: Final = 300
_PARAMETER: Final = re.compile(r"\{\w+:(\w+)\}")
_VALUES: Final = {
    "date": "2026-01-31",
    "datetime": "2026-01-31T12:00:00Z",
    "decimal": "1",
    "float": "1",
    "int": "1",
    "path": "/nowhere",
    "str": "nowhere",
    "time": "12:00",
    "timedelta": "60",
    "uuid": "00000000-0000-4000-8000-000000000000",
}


class Asker:
    """Asks the routes of one plugin."""

    def __init__(self, case: Case, host: PluginHost) -> None:
        self._host = host
        self._routes = {_named(each): each for each in case.parts.routes}

    async def ask(self, route: RouteSpec) -> Asked:
        """As an admin, and as nobody."""
        status, words = await self._status(route, "admin")
        anonymous = 0
        if route.permission is not None:
            anonymous, _ = await self._status(route, None)
        return Asked(_named(route), status, anonymous, 0, words)

    async def again(self, asked: Asked) -> Asked:
        """Once more, after something happened; a moment is given."""
        after = 0
        for _ in range(3):
            after, _ = await self._status(self._routes[asked.route], "admin")
            if after < FAILURE:
                break
            await asyncio.sleep(0.2)
        return Asked(asked.route, asked.status, asked.anonymous, after, asked.words)

    async def _status(self, route: RouteSpec, role: str | None) -> tuple[int, str]:
        hints = typing.get_type_hints(innermost(route.handler))
        if hints.get("return") is EventStream and role is not None:
            return 200, ""  # it would never end
        path = _PARAMETER.sub(lambda found: _VALUES[found[1]], route.path)
        options: dict[str, Any] = {"json": {}} if "data" in hints else {}
        try:
            async with asyncio.timeout(_SECONDS):
                answer = await self._host.request(
                    route.method, path.replace("//", "/"), role=role, **options
                )
        except TimeoutError:
            return 0, f"no answer within {_SECONDS:g} s"
        failed = answer.status_code >= FAILURE
        return answer.status_code, answer.text[:_WORDS] if failed else ""


def _named(route: RouteSpec) -> str:
    return f"{route.method} {route.path}"
