"""Logins against devices on loopback, through the host's own client."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Final
from urllib.parse import parse_qs

import pytest

from nxforge_consumption_monitor.fetch import (
    Credential,
    LoginRefusedError,
    PageRequest,
    Pages,
    decode_options,
)
from nxforge_core.api import Http
from nxforge_core.security import NetworkPolicy
from nxforge_core.services import GuardedHttp

FORM: Final = (
    "<form action='login.cgi' method=post><input type=hidden name=csrf value=c7>"
    "<input name=user><input type=password name=pw></form>"
)
Reply = tuple[int, Mapping[str, str], str]


class Device:
    """A small web server whose pages are a function of path, headers and body."""

    def __init__(self, page: Callable[[str, str, str], Reply]) -> None:
        self.asked: list[str] = []
        self._page = page
        self.url = ""

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Answer one request, as HTTP/1.0 does."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = re.search(r"(?i)content-length: (\d+)", head)
        body = await reader.readexactly(int(length[1]) if length else 0)
        method, path, _ = head.split(" ", 2)
        self.asked.append(f"{method} {path}")
        status, headers, text = self._page(path, head, body.decode())
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        writer.write(f"HTTP/1.0 {status} X\r\n{lines}\r\n{text}".encode())
        writer.close()


StartDevice = Callable[[Callable[[str, str, str], Reply]], Awaitable[Device]]


@pytest.fixture
async def device() -> AsyncIterator[StartDevice]:
    """Start a device."""
    servers: list[asyncio.Server] = []

    async def start(page: Callable[[str, str, str], Reply]) -> Device:
        made = Device(page)
        server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
        servers.append(server)
        made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        return made

    yield start
    for server in servers:
        server.close()


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    """The host's client, allowed to ask this machine."""
    made = GuardedHttp(NetworkPolicy.parse(["127.0.0.1"]))
    yield made
    await made.close()


def pdu(path: str, head: str, body: str) -> Reply:
    """A PDU: redirects strangers, and knows who is in by a cookie."""
    if path == "/cgi/login.cgi":
        sent = parse_qs(body)
        if sent == {"csrf": ["c7"], "user": ["admin"], "pw": ["pä&ss"]}:
            return 302, {"Location": "/home", "Set-Cookie": "sid=42; Path=/"}, ""
        return 200, {}, FORM
    if path == "/cgi/enter":
        return 200, {"Content-Type": "text/html", "Set-Cookie": "pre=1; Path=/"}, FORM
    if "sid=42" not in head:
        return 302, {"Location": "/cgi/enter"}, ""
    return 200, {}, "12345.6 kWh"


def credential(secret: str, **options: object) -> Credential:
    """Return a login by form."""
    given = decode_options("form", options)
    return Credential(kind="form", username="admin", secret=secret, options=given)


async def test_form_login_follows_the_device(http: Http, device: StartDevice) -> None:
    """Redirected to the form, logged in there, and in from then on by its cookie."""
    meter = await device(pdu)
    request = PageRequest(url=f"{meter.url}/values", key="e1", auth=credential("pä&ss"))
    pages = Pages()

    for _ in range(2):
        answer = await pages.fetch(request, http)
        assert answer.response.body == b"12345.6 kWh"

    assert meter.asked == [
        "GET /values",
        "GET /cgi/enter",
        "POST /cgi/login.cgi",
        "GET /home",
        "GET /values",
        "GET /values",
    ]


async def test_form_login_is_refused_with_the_wrong_password(
    http: Http, device: StartDevice
) -> None:
    """Sent once, and named as what it is."""
    meter = await device(pdu)
    request = PageRequest(url=f"{meter.url}/values", auth=credential("wrong"))

    with pytest.raises(LoginRefusedError):
        await Pages().fetch(request, http)

    assert meter.asked.count("POST /cgi/login.cgi") == 1
