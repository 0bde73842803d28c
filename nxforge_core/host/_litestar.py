"""The host inside a Litestar application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import unquote

from litestar import Litestar, asgi
from litestar.config.app import AppConfig
from litestar.plugins import InitPlugin

from ._nxforge import NxForge

__all__ = ["NxForgePlugin"]


class NxForgePlugin(InitPlugin):
    """Mounts a host in a Litestar application, which starts and stops it.

    ::

        app = Litestar(plugins=[NxForgePlugin(NxForge(settings), "/nxforge")])

    Args:
        host: It runs as long as the application does.
        path: Where it answers.
    """

    def __init__(self, host: NxForge, path: str = "/nxforge") -> None:
        self._host = host
        self._path = "/" + path.strip("/")

    def on_app_init(self, app_config: AppConfig) -> AppConfig:
        """Add the route and the life span."""
        mount = asgi(self._path, is_mount=True, copy_scope=True)
        app_config.route_handlers.append(mount(self._answer))
        app_config.lifespan.append(self._live)
        return app_config

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        await self._host(below(scope, self._path), receive, send)

    @asynccontextmanager
    async def _live(self, _: Litestar) -> AsyncIterator[None]:
        async with self._host:
            yield


def below(scope: Any, path: str) -> Any:
    """The scope as ASGI wants it of a mount.

    Litestar cuts the mount off the path, ends it with a slash, and tells nobody where
    it was: only the bytes of the request line still say what was asked for.
    """
    outer = str(scope.get("root_path", "")).rstrip("/")
    raw = scope.get("raw_path") or b""
    asked = unquote(raw.partition(b"?")[0].decode("ascii", "replace"))
    if not _is_below(asked, outer + path):
        asked = outer + (asked if _is_below(asked, path) else path + scope["path"])
    return {**scope, "root_path": outer + path, "path": asked}


def _is_below(path: str, root: str) -> bool:
    return path == root or path.startswith(f"{root}/")
