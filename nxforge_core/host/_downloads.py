"""Files that are sent in parts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from litestar.response import Stream

from nxforge_core.api import Download

__all__ = ["DownloadAnswer", "downloaded"]

_Handler = Callable[..., Awaitable[Any]]


class DownloadAnswer(Stream):
    """A plugin's `Download` as it goes out."""

    def to_asgi_response(self, app: Any, request: Any, **more: Any) -> Any:
        """The same, with its own type: Litestar prefers that of the route."""
        more["media_type"] = self.media_type
        return super().to_asgi_response(app, request, **more)


def downloaded(call: _Handler) -> _Handler:
    """The handler that answers what `call` says is a file."""

    async def bound(**values: Any) -> DownloadAnswer:
        return _answer(await call(**values))

    return bound


def _answer(file: Download) -> DownloadAnswer:
    headers = {"cache-control": "no-store"}
    if file.name:
        spelt = quote(file.name, safe="")
        headers["content-disposition"] = f"attachment; filename*=UTF-8''{spelt}"
    return DownloadAnswer(file.parts, media_type=file.media_type, headers=headers)
