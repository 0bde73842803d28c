"""Around every request: its id, its line in the access log, its last-resort answer."""

from __future__ import annotations

import asyncio
import itertools
import re
import secrets
import time
from collections.abc import Callable
from typing import Any, Final

from nxforge_core.host._generation import ASGI
from nxforge_core.host._head import HeadAnswer, answers_head
from nxforge_core.host._problem import problem_answer
from nxforge_core.host._scope import PATH, REQUEST_ID, below_mount, root_of, shown
from nxforge_core.services import get_log, request_id

__all__ = ["AccessLine", "RequestShell"]

#: Unix time, method, path, status, seconds, request id, peer address.
AccessLine = tuple[float, str, str, int, float, str, str]

_GIVEN_ID: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}\Z")


class RequestShell:
    """Gives each request an id and, if asked, writes its access line."""

    def __init__(self, record: Callable[[AccessLine], None] | None) -> None:
        self._record = record
        self._stem = secrets.token_hex(6)
        self._count = itertools.count(1)

    async def run(self, application: ASGI, scope: Any, receive: Any, send: Any) -> None:
        """Let the application answer; an error that got past it becomes a problem."""
        path, method = below_mount(scope), scope["method"]
        identity = self._identify(scope["headers"])
        inner = _own(scope, path, identity)
        answer = _Answer(send, identity.encode())
        if method in ("HEAD", "OPTIONS"):
            answer = _adapted(inner, answer, path)
        mark = request_id.set(identity)
        started = time.perf_counter()
        try:
            await application(inner, receive, answer.send)
        except BaseException as error:
            if not _is_failure(error):
                raise
            get_log(None).exception("request failed", path=shown(path))
            if not answer.status:
                await problem_answer(inner, error)(inner, receive, answer.send)
        finally:
            request_id.reset(mark)
            if self._record:
                seconds = time.perf_counter() - started
                peer = scope.get("client")
                address = peer[0] if peer else ""
                status = answer.status
                self._record(
                    (time.time(), method, path, status, seconds, identity, address)
                )
