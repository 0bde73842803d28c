"""Around every request: its id, its line in the access log, its last-resort answer."""

from __future__ import annotations

import itertools
import re
import secrets
import time
from collections.abc import Callable
from typing import Any, Final

from nxforge_core.api import UnavailableError
from nxforge_core.host._encode import PROBLEM_JSON, encode
from nxforge_core.host._generation import ASGI, Closed
from nxforge_core.host._problem import problem_of
from nxforge_core.services import get_log, request_id

__all__ = ["AccessLine", "PluginClosedError", "RequestShell", "send_problem"]

#: Method, path, status, seconds, request id, peer address.
AccessLine = tuple[str, str, int, float, str, str]

_GIVEN_ID: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}\Z")


class PluginClosedError(UnavailableError):
    """The plugin is installed and does not serve."""

    code = "plugin_unavailable"

    def __init__(self, closed: Closed) -> None:
        super().__init__(
            f"plugin {closed.plugin!r} does not serve: {closed.reason}",
            remedy=closed.remedy,
        )
        self.plugin = closed.plugin


class RequestShell:
    """Gives each request an id and, if asked, writes its access line."""

    def __init__(self, record: Callable[[AccessLine], None] | None) -> None:
        self._record = record
        self._stem = secrets.token_hex(6)
        self._count = itertools.count(1)

    async def run(self, application: ASGI, scope: Any, receive: Any, send: Any) -> None:
        """Let the application answer; an error that got past it becomes a problem."""
        identity = self._identify(scope)
        scope["nxforge.request_id"] = identity
        mark = request_id.set(identity)
        answer = _Answer(send, identity.encode())
        started = time.perf_counter()
        try:
            await application(scope, receive, answer.send)
        except Exception as error:  # noqa: BLE001  # the last resort: no request goes unanswered
            get_log(None).exception("request failed", path=scope["path"])
            if not answer.status:
                await send_problem(scope, answer.send, error)
        finally:
            request_id.reset(mark)
            if self._record:
                self._record(_line(scope, answer.status, started, identity))

    def _identify(self, scope: Any) -> str:
        for name, value in scope["headers"]:
            if name == b"x-request-id" and _GIVEN_ID.match(value):
                return str(value, "ascii")
        return f"{self._stem}-{next(self._count):x}"


class _Answer:
    """Adds the request id to the answer's head and notes its status."""

    __slots__ = ("_id", "_send", "status")

    def __init__(self, send: Any, identity: bytes) -> None:
        self._send = send
        self._id = identity
        self.status = 0

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"].append((b"x-request-id", self._id))
            message["headers"].append((b"x-content-type-options", b"nosniff"))
        await self._send(message)


async def send_problem(scope: Any, send: Any, error: Exception) -> None:
    """Answer with a problem where no Litestar application does."""
    problem = problem_of(error, scope["nxforge.request_id"])
    body = encode(problem)
    headers = [
        (b"content-type", PROBLEM_JSON.encode()),
        (b"content-length", str(len(body)).encode()),
    ]
    if isinstance(error, UnavailableError):
        headers.append((b"retry-after", b"10"))
    await send(
        {"type": "http.response.start", "status": problem.status, "headers": headers}
    )
    await send({"type": "http.response.body", "body": body})


def _line(scope: Any, status: int, started: float, identity: str) -> AccessLine:
    seconds = time.perf_counter() - started
    peer = scope.get("client")
    address = peer[0] if peer else ""
    return scope["method"], scope["path"], status, seconds, identity, address
