"""The proxy of the how-to, as it stands there, before a host."""

from __future__ import annotations

import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from processes import ROOT, Command, Server

pytestmark = pytest.mark.timeout(120)

PAGE = ROOT / "docs" / "how-to" / "run-behind-a-proxy.md"
NAME = "meters.example.org"
FRAME = """
daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    {server}
}}
"""


def listing(language: str) -> str:
    """The first block of a language in the how-to."""
    found = re.search(rf"```{language}\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@pytest.fixture
def server(command: Command, serve: Callable[..., Server]) -> Server:
    """A host with the settings of the how-to."""
    command.config.write_text(listing("toml"))
    return serve()


@pytest.fixture
def proxy(server: Server, tmp_path: Path) -> Iterator[str]:
    """Nginx with the configuration of the how-to, on another port: its authority."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    assert nginx, "apt-get install nginx-light"
    key, certificate, port = tmp_path / "key", tmp_path / "cert", free_port()
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
            *("-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"),
            *("-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    said = listing("nginx")
    for theirs, ours in {
        "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        "/etc/ssl/meters.example.org.pem": str(certificate),
        "/etc/ssl/private/meters.example.org.key": str(key),
        "http://127.0.0.1:8080": server.base,
    }.items():
        assert theirs in said
        said = said.replace(theirs, ours)
    file = tmp_path / "nginx.conf"
    file.write_text(FRAME.format(folder=tmp_path, server=said))
    process = subprocess.Popen(
        [nginx, "-c", str(file), "-e", str(tmp_path / "error.log")]
    )
    _until_open(port, process)
    yield f"127.0.0.1:{port}"
    process.terminate()
    process.wait(10)


def _until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 10
    while process.poll() is None and time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            threading.Event().wait(0.05)
        else:
            return
    pytest.fail("nginx does not listen")


@pytest.fixture
def browser(proxy: str, tmp_path: Path) -> Iterator[httpx.Client]:
    """Somebody at another address who asks for the name."""
    trust = ssl.create_default_context(cafile=str(tmp_path / "cert"))
    transport = httpx.HTTPTransport(verify=trust, local_address="127.0.0.2")
    port = proxy.rpartition(":")[2]
    with httpx.Client(
        base_url=f"https://{proxy}",
        headers={"host": f"{NAME}:{port}", "origin": f"https://{NAME}:{port}"},
        transport=_Named(transport),
        timeout=15,
    ) as client:
        yield client


class _Named(httpx.BaseTransport):
    """Greets the server by its name, though nobody's resolver knows that."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Pass it on."""
        request.extensions["sni_hostname"] = NAME
        return self._inner.handle_request(request)

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


def test_proxy_of_the_how_to_passes_on_who_asks(
    command: Command, browser: httpx.Client
) -> None:
    """A log-in has the visitor's own address and a cookie of an encrypted site."""
    link = command.run("users", "create", "ada", "--role", "admin").stdout.strip()
    path = re.search(r"/reset/\S+|/setup/\S+", link)
    assert path is not None, link
    password = "seven green lamps"  # noqa: S105 - of a test

    entered = browser.post(path[0], data={"password": password})
    forged = browser.get("/api/v1/me/sessions", headers={"x-forwarded-for": "9.9.9.9"})
    foreign = browser.post("/logout", headers={"origin": "https://evil.example"})

    assert entered.status_code == 303, entered.text
    cookie = entered.headers["set-cookie"]
    assert "__Host-" in cookie
    assert "Secure" in cookie
    assert {one["address"] for one in forged.json()["data"]} == {"127.0.0.2"}
    assert foreign.status_code == 403


def test_proxy_of_the_how_to_does_not_hold_events_back(
    command: Command, browser: httpx.Client
) -> None:
    """What is streamed comes at once, not when a buffer is full."""
    token = {"authorization": f"Bearer {command.token()}"}
    with browser.stream("GET", "/api/v1/events", headers=token) as answer:
        first = next(answer.iter_raw())

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert first
