"""A device on loopback that answers as a test says."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self, TypeAlias

__all__ = ["Answer", "Device", "Request"]


@dataclass(frozen=True, slots=True)
class Request:
    """What a device was asked.

    Attributes:
        path: With its query.
        headers: By name in lower case.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What a device says.

    Attributes:
        body: Text, bytes, or what is said as JSON.
        delay: Seconds before it says so.
    """

    body: Any = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0


_Maker: TypeAlias = Callable[[Request], Answer]


class Device:
    """An HTTP server of a device; a context manager.

    ::

        with Device() as device:
            device.says("/status.json", {"celsius": 21.5})
            ...
            assert device.asked[0].path == "/status.json"

    Attributes:
        asked: Every request so far, in order.
    """

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self._answers: dict[str, _Maker] = {}
        self._over = threading.Event()
        self._server = _Server(("127.0.0.1", 0), self._answer, self._over)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        )
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Go off the network."""
        self._over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def url(self, path: str = "/") -> str:
        """Address of one of its pages."""
        return f"http://127.0.0.1:{self._server.server_address[1]}{path}"

    def says(self, path: str, answer: Any) -> None:
        """Answer so from now on.

        Args:
            path: Without a query.
            answer: An `Answer`, a function that makes one of the `Request`, or a body.
        """
        if callable(answer):
            self._answers[path] = answer
        else:
            said = answer if isinstance(answer, Answer) else Answer(answer)
            self._answers[path] = lambda _: said

    def _answer(self, request: Request) -> Answer:
        self.asked.append(request)
        maker = self._answers.get(request.path.partition("?")[0])
        return maker(request) if maker else Answer("there is no such page", 404)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(
        self, address: tuple[str, int], answer: _Maker, over: threading.Event
    ) -> None:
        super().__init__(address, _Handler)
        self.answer = answer
        self.over = over


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65_537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        length = int(self.headers.get("content-length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(length)
        self._say(self.server.answer(Request(self.command, self.path, headers, body)))

    def _say(self, answer: Answer) -> None:
        if answer.delay:
            self.server.over.wait(answer.delay)
        kind, content = _encoded(answer.body)
        self.send_response(answer.status)
        headers = {"content-type": kind, "content-length": str(len(content))}
        for name, value in {**headers, **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def _encoded(body: Any) -> tuple[str, bytes]:
    if isinstance(body, bytes):
        return "application/octet-stream", body
    if isinstance(body, str):
        return "text/html; charset=utf-8", body.encode()
    return "application/json", json.dumps(body).encode()
