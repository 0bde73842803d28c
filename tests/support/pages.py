"""Pages on loopback for a real browser, and the browser that reads them."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import psutil
import pytest

from nxforge_core.security import NetworkPolicy
from nxforge_core.services.browser import BrowserOptions, PooledBrowser

__all__ = [
    "HOST",
    "Site",
    "browser_options",
    "found",
    "make_browser",
    "page",
    "require_browser",
    "users_of",
]

#: Where meters live; 127.0.0.1 belongs to what nobody may reach.
HOST: Final = "127.0.0.2"


def require_browser() -> None:
    """Skip without Chromium or the extra, but never where they have to be there."""
    missing = [name for name in ("chromium",) if shutil.which(name) is None]
    missing += [name for name in ("pyppeteer",) if find_spec(name) is None]
    if missing and os.environ.get("NXFORGE_REQUIRE_BROWSER"):
        pytest.fail(f"NXFORGE_REQUIRE_BROWSER is set, and missing: {missing}")
    if missing:
        pytest.skip(f"missing here: {missing}")


def browser_options(folder: Path, *, idle: float = 120.0) -> BrowserOptions:
    """For whoever runs the tests."""
    return BrowserOptions(folder=folder, no_sandbox=os.geteuid() == 0, idle=idle)


def make_browser(
    folder: Path, *allow: str, idle: float = 120.0, names: Mapping[str, str] = {}
) -> PooledBrowser:
    """One that may visit these addresses, by default the pages of `Site`."""

    async def lookup(host: str, port: int) -> list[str]:
        del port
        return [names[host]]

    return PooledBrowser(
        NetworkPolicy.parse(allow or [HOST]),
        browser_options(folder, idle=idle),
        lookup=lookup,
    )


def users_of(folder: Path) -> list[int]:
    """Processes whose command line names the folder."""
    return [
        process.pid
        for process in psutil.process_iter(["cmdline"])
        if any(str(folder) in word for word in process.info["cmdline"] or ())
    ]


def found(folder: Path, pattern: str = "*") -> list[Path]:
    """What is in a folder, or somewhere below it."""
    return list(folder.glob(pattern) if pattern == "*" else folder.rglob(pattern))


class Site:
    """A server of small pages.

    Attributes:
        pages: Body by path; bytes are a whole answer, None is silence.
        asked: Request lines.
        heads: Heads of the requests.
    """

    def __init__(self) -> None:
        self.pages: dict[str, str | bytes | None] = {}
        self.heads: list[str] = []
        self._server: asyncio.Server | None = None
        self._ended = asyncio.Event()
        self.port = 0

    @property
    def asked(self) -> list[str]:
        """Paths that were asked for, the browser's own wish for an icon left out."""
        paths = [head.split(" ", 2)[1] for head in self.heads]
        return [path for path in paths if path != "/favicon.ico"]

    async def start(self, host: str = HOST) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._serve, host, 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Do not listen any more; who is silent hangs up."""
        self._ended.set()
        if self._server is not None:
            self._server.close()

    def url(self, path: str = "/", host: str = HOST) -> str:
        """Address of a page."""
        return f"http://{host}:{self.port}{path}"

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                text = head.decode("latin-1")
                self.heads.append(text)
                answer = self._answer(text)
                if answer is None:
                    await self._ended.wait()
                    break
                writer.write(answer)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass  # the browser hung up: its right
        finally:
            writer.close()

    def _answer(self, head: str) -> bytes | None:
        path = head.split(" ", 2)[1]
        body = self.pages.get(path.partition("?")[0], b"")
        if body is None or (isinstance(body, bytes) and body):
            return body
        if isinstance(body, bytes):
            return b"HTTP/1.1 404 No\r\nContent-Length: 4\r\n\r\nnone"
        return page(body)


def page(html: str, *, status: str = "200 OK", head: str = "") -> bytes:
    """A whole answer."""
    body = html.encode()
    return (
        f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n{head}"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode() + body
