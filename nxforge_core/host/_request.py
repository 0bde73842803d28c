"""Around every request: its id, its line in the access log, its last-resort answer."""

from __future__ import annotations

import asyncio
import itertools
import re
import secrets
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from nxforge_core.services import get_log, request_id

from ._failure import failure_answer
from ._generation import ASGI
from ._methods import Send, as_get
from ._proxies import Proxies
from ._safety import Safety
from ._scope import PATH, REQUEST_ID, below_mount, root_of, shown

__all__ = ["AccessLine", "RequestShell"]

#: Unix time, method, path, status, seconds, request id, peer address.
AccessLine = tuple[float, str, str, int, float, str, str]

_Seal = Callable[[Any], Sequence[tuple[bytes, bytes]]]

_GIVEN_ID: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}\Z")


class RequestShell:
    """Gives each request an id and, if asked, writes its access line."""

    def __init__(
        self,
        record: Callable[[AccessLine], None] | None,
        proxies: Proxies | None = None,
        safety: Safety | None = None,
    ) -> None:
        self._record = record
        self._proxies = proxies or Proxies()
        self._safety = safety or Safety()
        self._stem = secrets.token_hex(6)
        self._count = itertools.count(1)

    async def run(self, application: ASGI, scope: Any, receive: Any, send: Any) -> None:
        """Let the application answer; an error that got past it becomes a problem."""
        scope = self._proxies.look_through(scope)
        method, path = scope["method"], below_mount(scope)
        identity = self._identify(scope["headers"])
        scope = _own(scope, path, identity)
        secure = scope.get("scheme") == "https"
        seal = partial(self._safety.headers, path=path, secure=secure)
        answer = _Answer(send, identity.encode(), seal)
        out: Send = answer.send
        if method == "HEAD":
            scope, out = as_get(scope, out)
        mark = request_id.set(identity)
        started = time.perf_counter()
        try:
            await application(scope, receive, out)
        except BaseException as error:
            if not _is_failure(error):
                raise
            await _last_resort(error, scope, out, begun=answer.status != 0)
        finally:
            request_id.reset(mark)
            if self._record:
                seconds = time.perf_counter() - started
                peer = scope.get("client")
                facts = answer.status, seconds, identity, peer[0] if peer else ""
                self._record((time.time(), method, path, *facts))

    def _identify(self, headers: Any) -> str:
        for name, value in headers:
            if name == b"x-request-id" and _GIVEN_ID.match(value):
                return str(value, "ascii")
        return f"{self._stem}-{next(self._count):x}"


class _Answer:
    """Adds the request id and what is safe to the head, and notes the status."""

    __slots__ = ("_id", "_seal", "_send", "status")

    def __init__(self, send: Any, identity: bytes, seal: _Seal) -> None:
        self._send = send
        self._id = identity
        self._seal = seal
        self.status = 0

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            own = message.get("headers", ())
            # A list of its own: an application may keep and reuse the one it sent.
            headers = [*own, (b"x-request-id", self._id), *self._seal(own)]
            message = {**message, "headers": headers}
        await self._send(message)


def _own(scope: Any, path: str, identity: str) -> Any:
    """The scope with the host's notes; below a mount a copy, whole as ASGI wants it."""
    if scope.get("root_path"):
        root = root_of(scope)
        scope = {**scope, "root_path": root, "path": root + path}
    scope[PATH] = path
    scope[REQUEST_ID] = identity
    return scope


def _is_failure(error: BaseException) -> bool:
    """Whether the application failed; not so if the server gave the request up."""
    if isinstance(error, asyncio.CancelledError):
        task = asyncio.current_task()
        return task is not None and not task.cancelling()
    return isinstance(error, Exception | BaseExceptionGroup | SystemExit)


async def _last_resort(
    error: BaseException, scope: Any, send: Any, *, begun: bool
) -> None:
    get_log(None).exception("request failed", path=shown(scope[PATH]))
    if not begun:
        await failure_answer(scope, error).send(scope, None, send)
