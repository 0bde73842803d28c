"""Every family of errors as a problem, and what never gets out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from litestar.exceptions import (
    HTTPException,
    InternalServerException,
    NotFoundException,
    ValidationException,
)

from nxforge_core.api import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NxForgeError,
    OutboundDeniedError,
    OutboundTimeoutError,
    RouteSpec,
    UnauthenticatedError,
    UnavailableError,
    UnknownItemError,
    UsageError,
)
from nxforge_core.host._problem import problem_of

Speak = Callable[..., httpx.AsyncClient]
PATH = "/api/v1/m/probe/x"


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (UsageError("wrong use"), 400, "usage"),
        (InvalidInputError(field="f", value=1, remedy=""), 400, "invalid_input"),
        (UnknownItemError(kind="meter", value=1), 404, "not_found"),
        (ConflictError("twice"), 409, "conflict"),
        (UnauthenticatedError(reason="none"), 401, "unauthenticated"),
        (ForbiddenError("a:b", "me"), 403, "forbidden"),
        (UnavailableError("later"), 503, "unavailable"),
        (OutboundTimeoutError("http://x", 1), 502, "outbound"),
        (OutboundDeniedError("http://x", "10.0.0.1", "why"), 502, "outbound"),
        (NxForgeError("some"), 500, "error"),
        (NotFoundException(), 404, "not_found"),
        (ValidationException("no"), 400, "validation"),
        (HTTPException(status_code=418, detail="tea"), 418, "i_m_a_teapot"),
        (HTTPException(status_code=499, detail="gone"), 499, "status_499"),
        (InternalServerException("the code is bad"), 500, "internal"),
        (ValueError("swordfish"), 500, "internal"),
        (ExceptionGroup("", [ConflictError("twice")]), 409, "conflict"),
        (ExceptionGroup("", [ValueError("a"), ValueError("b")]), 500, "internal"),
        (SystemExit("swordfish"), 500, "internal"),
        (asyncio.CancelledError("swordfish"), 500, "internal"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
def test_error_has_its_status_and_code(
    error: BaseException, status: int, code: str
) -> None:
    """Each family answers its status and its stable code."""
    problem = problem_of(error, "id-1", "/there")

    assert (problem.status, problem.error.code) == (status, code)
    assert problem.detail == problem.error.message
    assert problem.request_id == "id-1"


@pytest.mark.parametrize(
    "error", [ValueError("swordfish"), InternalServerException("swordfish")]
)
def test_unexpected_error_keeps_its_words(error: Exception) -> None:
    """What is no error of ours says nothing of itself."""
    assert "swordfish" not in str(problem_of(error))


@pytest.mark.parametrize(
    ("extra", "detail"),
    [
        ([{"key": "limit", "source": "query", "message": "too much"}], "query limit: "),
        ([{"message": "odd"}], "request: odd"),
        (["odd"], "no"),
        ({"odd": 1}, "no"),
        (None, "no"),
    ],
)
def test_validation_extra_of_any_form_is_told(extra: Any, detail: str) -> None:
    """What a plugin puts into a validation error breaks nothing."""
    problem = problem_of(ValidationException("no", extra=extra))

    assert problem.detail.startswith(detail)


def raising(error: BaseException) -> RouteSpec:
    """A public route that raises."""

    async def fail() -> None:
        raise error

    return RouteSpec("GET", "/x", fail, public=True)


async def test_problem_has_the_members_of_both_contracts(speak: Speak) -> None:
    """RFC 9457 and the original's `error` member stand in one body."""
    answer = await speak(raising(UnknownItemError(kind="meter", value=7))).get(PATH)

    assert answer.headers["content-type"] == "application/problem+json"
    assert json.loads(answer.text) == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "there is no meter 7",
        "remedy": "",
        "success": False,
        "requestId": answer.headers["x-request-id"],
        "error": {
            "code": "not_found",
            "message": "there is no meter 7",
            "details": None,
        },
    }


@pytest.mark.parametrize(
    ("error", "header", "value"),
    [
        (UnavailableError("later"), "retry-after", "10"),
        (UnauthenticatedError(reason="none"), "www-authenticate", "Bearer"),
        (
            HTTPException(status_code=429, headers={"Retry-After": "3"}),
            "retry-after",
            "3",
        ),
    ],
)
async def test_problem_carries_the_headers_of_its_status(
    speak: Speak, error: Exception, header: str, value: str
) -> None:
    """What a client must know beyond the body is in the head."""
    answer = await speak(raising(error)).get(PATH)

    assert answer.headers[header] == value


@pytest.mark.parametrize(
    "error",
    [
        ValueError("swordfish"),
        SystemExit(3),
        asyncio.CancelledError(),
        BaseExceptionGroup("", [SystemExit(3)]),
        StopAsyncIteration(),
        RecursionError(),
        MemoryError(),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_whatever_a_handler_raises_is_answered(
    speak: Speak, error: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    """No error of a plugin leaves a request without an answer, or ends the process."""
    answer = await speak(raising(error)).get(PATH)

    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "internal"
    assert "request failed" in caplog.text


async def test_error_of_ours_is_logged_without_traceback(
    speak: Speak, caplog: pytest.LogCaptureFixture
) -> None:
    """In an outage each request is one line of log."""
    await speak(raising(UnavailableError("the pump is dry"))).get(PATH)

    assert "the pump is dry" in caplog.text
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(
    ("prefix", "accept", "page"),
    [
        ("/ui", "text/html", True),
        ("", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", True),
        ("", "application/json", False),
        ("", "*/*", False),
        ("/api/v1/m/probe", "text/html", False),
        ("/health", "text/html", False),
        ("/schema", "text/html", False),
    ],
)
@pytest.mark.parametrize(
    "error",
    [
        UnauthenticatedError(reason="<b>none</b>"),
        ForbiddenError("a:b", "<b>me</b>"),
        UnknownItemError(kind="page", value="<b>x</b>"),
        UnavailableError("<b>later</b>"),
        ValueError("<b>"),
    ],
    ids=lambda error: type(error).__name__ if isinstance(error, Exception) else "",
)
async def test_people_get_pages_where_pages_are(
    speak: Speak, prefix: str, accept: str, *, page: bool, error: Exception
) -> None:
    """A browser on a page's path gets HTML, escaped; everybody else a problem."""
    client = speak(raising(error), prefix=prefix)

    answer = await client.get(f"{prefix}/x", headers={"accept": accept})

    kind = "text/html; charset=utf-8" if page else "application/problem+json"
    assert answer.headers["content-type"] == kind
    policy = answer.headers["content-security-policy"]
    assert ("script-src" in policy) is page
    if page:
        assert "<b>" not in answer.text
