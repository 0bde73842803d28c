"""HEAD and OPTIONS, which no plugin writes routes for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from nxforge_core.host._scope import PATH, is_login

__all__ = ["Send", "as_get", "naming_head", "with_head"]

Send = Callable[[Any], Awaitable[None]]


def as_get(scope: Any, send: Send) -> tuple[Any, Send]:
    """A HEAD request as the GET it stands for; the body stays here.

    A login link is left out: whoever looks whether it is there must not use it up.
    """
    if not is_login(scope[PATH]):
        scope = {**scope, "method": "GET"}

    async def headless(message: Any) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return scope, headless


def naming_head(send: Send, path: str) -> Send:
    """Let the answer to OPTIONS tell that HEAD works where GET does."""
    if is_login(path):
        return send

    async def named(message: Any) -> None:
        if message["type"] == "http.response.start":
            headers = [
                (name, with_head(str(value, "latin-1")).encode("latin-1"))
                if name.lower() == b"allow"
                else (name, value)
                for name, value in message.get("headers", ())
            ]
            message = {**message, "headers": headers}
        await send(message)

    return named


def with_head(allowed: str) -> str:
    """The value of an Allow header with HEAD beside GET, sorted."""
    methods = {method.strip() for method in allowed.split(",")}
    return ", ".join(sorted(methods | {"HEAD"} if "GET" in methods else methods))
