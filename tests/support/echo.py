"""A device that shows on each page whatever it was told, in any spelling."""

from __future__ import annotations

import base64
import binascii
import html
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import quote, quote_plus, unquote_plus

__all__ = ["RULES", "Echo"]

#: Read the register of a device that shows `{"kwh": ...}`.
RULES: Final = [
    {
        "quantity": "energy",
        "steps": [{"step": "json", "path": "kwh"}, {"step": "unit", "fixed": "kWh"}],
    }
]

_FORM = (
    "<html><form method=post action=login><input name=user>"
    "<input name=pw type=password></form></html>"
)


class Echo(ThreadingHTTPServer):
    """Pages on loopback; the first part of the path is a device, the last its page.

    Attributes:
        told: By device, everything that it was told.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.told: dict[str, list[str]] = {}
        self._thread = threading.Thread(target=self.serve_forever, daemon=True)
        self._thread.start()

    def url(self, device: str, page: str) -> str:
        """Address of a page."""
        return f"http://127.0.0.1:{self.server_address[1]}/{device}/{page}"

    def end(self) -> None:
        """Stop serving."""
        self.shutdown()
        self._thread.join(5)
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Echo

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        device, _, page = self.path.partition("?")[0].strip("/").partition("/")
        told = self.server.told.setdefault(device, [])
        told += [unquote_plus(self.path), body, *self._headers()]
        if "form" in self.headers.get("content-type", ""):
            told.append(unquote_plus(body))
        if page == "digest" and "authorization" not in self.headers:
            challenge = 'Digest realm="echo", nonce="n", qop="auth", algorithm=SHA-256'
            return self._send(401, "text/html", "", challenge)
        if page == "form" and self.command == "GET" and not self.headers["cookie"]:
            return self._send(200, "text/html", _FORM)
        if page == "token":
            token = {"token": f"{device}-of-the-device"}
            return self._send(200, "application/json", json.dumps(token))
        status = 500 if page == "failing" else 200
        if page == "json":
            return self._send(status, "application/json", json.dumps({"told": told}))
        text = "".join(f"<p>{each}</p>" for one in told for each in _spellings(one))
        return self._send(status, "text/html", f"<html>{text}</html>")

    def _headers(self) -> Iterator[str]:
        for name, value in self.headers.items():
            yield f"{name}: {value}"
            if value.startswith("Basic "):
                yield base64.b64decode(value[6:]).decode()

    def _send(self, status: int, kind: str, text: str, challenge: str = "") -> None:
        content = text.encode("utf-8", "replace")
        self.send_response(status)
        self.send_header("content-type", f"{kind}; charset=utf-8")
        self.send_header("content-length", str(len(content)))
        self.send_header("set-cookie", "sid=of-the-device; Path=/")
        if challenge:
            self.send_header("www-authenticate", challenge)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def _spellings(text: str) -> Iterator[str]:
    yield text
    yield html.escape(text)
    yield json.dumps(text)[1:-1]
    yield json.dumps(text, ensure_ascii=False)[1:-1]
    yield quote(text)
    yield quote(text, safe="")
    yield quote_plus(text)
    yield base64.b64encode(text.encode()).decode()
    yield binascii.hexlify(text.encode()).decode()
