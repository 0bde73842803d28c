"""Paths whose last parameter has an ending: `/months/{month:str}.csv`.

Litestar knows parameters that are whole segments, so such a route is mounted with its
ending as a segment of its own, and requests are led there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from msgspec.structs import replace

from nxforge_core.api import RouteSpec

from ._generation import ASGI

__all__ = ["as_written", "lead", "mounted"]

_WRITTEN: Final = re.compile(r"(?P<stem>.*\{\w+:str\})(?P<ending>\.[a-z0-9]+)\Z")
_SHOWN: Final = re.compile(r"\}/(\.[a-z0-9]+)\Z")
_PARAMETER: Final = re.compile(r"\\\{\w+:\w+\\\}")


def mounted(route: RouteSpec) -> RouteSpec:
    """The route as Litestar can mount it."""
    found = _WRITTEN.match(route.path)
    if found is None:
        return route
    return replace(route, path=f"{found['stem']}/{found['ending']}")


def as_written(path: str) -> str:
    """A path of Litestar's document as the author wrote it."""
    return _SHOWN.sub(r"}\1", path)


def lead(application: ASGI, routes: Sequence[RouteSpec], prefix: str) -> ASGI:
    """The application, with requests for an ending led to where it is mounted."""
    found = [match for route in routes if (match := _WRITTEN.match(route.path))]
    if not found:
        return application
    endings = tuple({match["ending"] for match in found})
    paths = re.compile(
        "|".join(_pattern(prefix + match["stem"], match["ending"]) for match in found)
    )

    async def led(scope: Any, receive: Any, send: Any) -> None:
        path: str = scope["path"]
        if path.endswith(endings) and paths.search(path):
            stem, _, ending = path.rpartition(".")
            scope = {**scope, "path": f"{stem}/.{ending}"}
        await application(scope, receive, send)

    return led


def _pattern(stem: str, ending: str) -> str:
    return _PARAMETER.sub("[^/]+", re.escape(stem)) + re.escape(ending) + r"\Z"
