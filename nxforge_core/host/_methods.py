"""HEAD and OPTIONS, which no plugin writes routes for."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final

from litestar.handlers import HTTPRouteHandler

from nxforge_core.api import RouteSpec

from ._answer import Answer
from ._encode import JSON
from ._errors import RouteRefusedError
from ._scope import PATH, holds_code

__all__ = ["Send", "as_get", "options_handlers", "with_head"]

Send = Callable[[Any], Awaitable[None]]

_PARAMETER: Final = re.compile(r"\{\w+:\w+\}")
_NO_CONTENT: Final = 204


def as_get(scope: Any, send: Send) -> tuple[Any, Send]:
    """A HEAD request as the GET it stands for; the body stays here.

    A login link is left out: whoever looks whether it is there must not use it up.
    """
    if not holds_code(scope[PATH]):
        scope = {**scope, "method": "GET"}

    async def headless(message: Any) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return scope, headless


def options_handlers(
    routes: Iterable[RouteSpec], prefix: str
) -> list[HTTPRouteHandler]:
    """Answers to OPTIONS: one for each path, with all its methods.

    They must be registered first, or Litestar adds its own beside them.

    Litestar's own name those of the route that it came to see first.

    Raises:
        RouteRefusedError: a request could mean two of the routes.
    """
    methods: dict[str, dict[str, RouteSpec]] = defaultdict(dict)
    for route in routes:
        # Litestar tells no two types of parameters apart: the later route would win.
        known = methods[_PARAMETER.sub("{}", prefix + route.path)]
        if route.method in known:
            other = known[route.method]
            raise RouteRefusedError(
                route,
                f"its requests are those of {other.path} as well",
                remedy="give it a path or a method of its own",
            )
        known[route.method] = route
    return [
        _options(prefix + path, known)
        for known in methods.values()
        for path in {route.path: None for route in known.values()}
    ]


def with_head(allowed: Iterable[str]) -> str:
    """The value of an Allow header, HEAD and OPTIONS with it, sorted."""
    methods = {*allowed, "OPTIONS"}
    return ", ".join(sorted(methods | {"HEAD"} if "GET" in methods else methods))


def _options(path: str, methods: Iterable[str]) -> HTTPRouteHandler:
    headers = {"allow": with_head(methods)}

    async def tell() -> Answer:
        return Answer(b"", _NO_CONTENT, JSON, headers)

    # Litestar resolves annotations by names that only this module knows.
    tell.__annotations__ = {"return": None}
    return HTTPRouteHandler(
        path=path, http_method="OPTIONS", status_code=204, include_in_schema=False
    )(tell)
