"""What surrounds every request: its id, its log line, HEAD."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nxforge_core.api import RouteSpec
from nxforge_core.host._access_log import AccessLog
from nxforge_core.host._request import AccessLine, RequestShell
from nxforge_core.host._scope import below_mount, shown
from nxforge_core.services import request_id

Speak = Callable[..., httpx.AsyncClient]
PATH = "/api/v1/m/probe/x"


async def tell() -> str:
    """Answer the id of this request."""
    return str(request_id.get())


ROUTE = RouteSpec("GET", "/x", tell, public=True)


@pytest.mark.parametrize("wanted", ["abc-123", "A" * 64, "0.1_2-3"])
async def test_request_id_is_echoed(speak: Speak, wanted: str) -> None:
    """An id that a caller gives names the request everywhere."""
    answer = await speak(ROUTE).get(PATH, headers={"x-request-id": wanted})

    assert answer.headers["x-request-id"] == answer.json()["data"] == wanted


@pytest.mark.parametrize(
    "forged", ["", "A" * 65, "a b", "a\nb", "a;b", "<b>", "a\x00", "ä", "a\n"]
)
async def test_forged_request_id_is_replaced(forged: str) -> None:
    """What could garble a log or a header is no id."""
    head: list[Any] = []

    async def application(scope: Any, _receive: Any, send: Any) -> None:
        del scope
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message: Any) -> None:
        head.extend(message["headers"])

    headers = [(b"x-request-id", forged.encode())]
    scope = {"type": "http", "method": "GET", "path": "/", "headers": headers}
    await RequestShell(None).run(application, scope, None, send)

    (made,) = [value for name, value in head if name == b"x-request-id"]
    assert made != forged.encode()
    assert made.replace(b"-", b"").isalnum()


async def test_ids_differ_and_end_with_their_request(speak: Speak) -> None:
    """Each request has an id of its own; outside of one there is none."""
    client = speak(ROUTE)

    ids = {(await client.get(PATH)).headers["x-request-id"] for _ in range(5)}

    assert len(ids) == 5
    assert request_id.get() is None


async def test_headers_of_an_application_are_not_changed() -> None:
    """A list of headers that is sent twice grows by nothing."""
    kept: list[tuple[bytes, bytes]] = [(b"a", b"b")]
    sent: list[Any] = []

    async def application(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": kept})

    async def send(message: Any) -> None:
        sent.append(message["headers"])

    shell = RequestShell(None)
    for _ in range(2):
        scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
        await shell.run(application, scope, None, send)

    assert kept == [(b"a", b"b")]
    assert len(sent[0]) == len(sent[1]) > len(kept)


async def test_error_after_the_answer_began_is_logged_only(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A second head is never sent."""
    sent: list[Any] = []

    async def application(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200})
        raise ValueError

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    await RequestShell(None).run(application, scope, None, send)

    assert [message["type"] for message in sent] == ["http.response.start"]
    assert "request failed" in caplog.text


async def test_head_is_answered_without_body(speak: Speak) -> None:
    """HEAD is GET without its body, in the log it stays HEAD."""
    lines: list[AccessLine] = []
    client = speak(ROUTE, record=lines.append)

    answer = await client.head(PATH)

    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["content-length"]) > 0
    assert lines[0][1:4] == ("HEAD", PATH, 200)


async def test_body_of_a_head_request_is_never_sent() -> None:
    """Whatever an application or an error sends, HEAD gets none of it."""

    async def application(scope: Any, _receive: Any, send: Any) -> None:
        assert scope["method"] == "GET"
        if scope["path"] == "/fails":
            raise ValueError
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body", "body": b"a", "more_body": True})
        await send({"type": "http.response.body", "body": b"b"})

    for path in ("/", "/fails"):
        sent: list[bytes] = []

        async def send(message: Any, sent: list[bytes] = sent) -> None:
            sent.append(message.get("body", b""))

        scope = {"type": "http", "method": "HEAD", "path": path, "headers": []}
        await RequestShell(None).run(application, scope, None, send)

        assert len(sent) > 1
        assert set(sent) == {b""}


async def test_head_does_not_use_up_a_login_link(speak: Speak) -> None:
    """Whoever only looks at a login link gets a 405."""
    called: list[str] = []

    async def log_in(code: str) -> None:
        called.append(code)

    link = RouteSpec("GET", "/login/{code:str}", log_in, public=True)
    answer = await speak(link, prefix="").head("/login/abc")

    assert answer.status_code == 405
    assert called == []


async def test_options_tells_all_methods_of_a_path(speak: Speak) -> None:
    """Routes that share a path, parameters named alike or not, are told together."""

    async def by_a(a: int) -> None: ...
    async def by_b(b: int) -> None: ...

    client = speak(
        RouteSpec("GET", "/{a:int}", by_a, public=True),
        RouteSpec("DELETE", "/{b:int}", by_b, permission="probe:things:write"),
        RouteSpec("POST", "/only", tell, public=True),
    )

    shared = await client.options("/api/v1/m/probe/1")
    only = await client.options("/api/v1/m/probe/only")
    wrong = await client.get("/api/v1/m/probe/only")

    assert shared.headers["allow"] == "DELETE, GET, HEAD, OPTIONS"
    assert (shared.status_code, shared.content) == (204, b"")
    assert only.headers["allow"] == "OPTIONS, POST"
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "OPTIONS, POST")


@pytest.mark.parametrize(
    ("path", "root", "below"),
    [
        ("/x", "", "/x"),
        ("/nx/x", "/nx", "/x"),
        ("/nx/x", "/nx/", "/x"),
        ("/x", "/nx", "/x"),
        ("/nx", "/nx", "/"),
        ("/nx/", "/nx", "/"),
        ("/nxx/y", "/nx", "/nxx/y"),
        ("/nx/nx/x", "/nx", "/nx/x"),
    ],
)
def test_path_below_a_mount(path: str, root: str, below: str) -> None:
    """The mount is cut off once, at a slash, or was cut off before."""
    assert below_mount({"path": path, "root_path": root}) == below


def test_code_of_a_login_link_is_not_shown() -> None:
    """Logs never hold what opens a session."""
    assert shown("/login/secret") == "/login/***"
    assert shown("/loginx/open") == "/loginx/open"


LINE: AccessLine = (1790000000.25, "GET", "/a", 200, 0.01234, "id-1", "127.0.0.1")


def test_access_line_has_the_instant_of_its_request() -> None:
    """A line carries when its request ended, not when it was written."""
    stream = io.StringIO()
    log = AccessLog(stream)
    log._lines.append(LINE)

    log.flush()

    assert json.loads(stream.getvalue()) == {
        "at": "2026-09-21T14:13:20.250000Z",
        "event": "request",
        "method": "GET",
        "path": "/a",
        "status": 200,
        "ms": 12.34,
        "request_id": "id-1",
        "peer": "127.0.0.1",
    }


@given(path=st.text(st.characters(), max_size=30))
def test_access_line_is_one_line_whatever_the_path(path: str) -> None:
    """No path breaks a line, or the log."""
    stream = io.StringIO()
    log = AccessLog(stream)
    log._lines.append((*LINE[:2], f"/{path}", *LINE[3:]))

    log.flush()

    (text,) = stream.getvalue().split("\n")[:-1]
    assert json.loads(text)["path"].startswith("/")


async def test_access_log_gathers_lines() -> None:
    """Lines wait for each other; a flush writes them once, in order."""
    stream = io.StringIO()
    log = AccessLog(stream)

    log.record(LINE)
    log.record((*LINE[:2], "/b", *LINE[3:]))
    waiting = stream.getvalue()
    log.flush()
    log.flush()

    paths = [json.loads(text)["path"] for text in stream.getvalue().splitlines()]
    assert waiting == ""
    assert paths == ["/a", "/b"]
