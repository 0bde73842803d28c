"""Errors over HTTP: RFC 9457 problem details, with the original's `error` member."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from nxforge_core.api import NxForgeError
from nxforge_core.host._encode import PROBLEM_JSON, encode
from nxforge_core.services import get_log

__all__ = ["ErrorMember", "Problem", "answer_error", "problem_of"]


class ErrorMember(msgspec.Struct, frozen=True, kw_only=True):
    """The `error` member that clients of the original read."""

    code: str
    message: str
    details: Any = None


class Problem(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Body of every error answer (RFC 9457), extended.

    Attributes:
        type: Always `about:blank`: `title` is the phrase of the status.
        remedy: What the caller can do about it.
        request_id: The id under which the host logged the request.
    """

    title: str
    status: int
    detail: str
    error: ErrorMember
    type: str = "about:blank"
    success: bool = False
    remedy: str = ""
    request_id: str = ""


def problem_of(error: Exception, request_id: str = "") -> Problem:
    """Say what an error means to an HTTP client, nothing of an unexpected one."""
    status, code, detail, remedy, details = _facts(error)
    return Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        remedy=remedy,
        request_id=request_id,
        error=ErrorMember(code=code, message=detail, details=details),
    )


def answer_error(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Litestar exception handler for everything a handler can raise."""
    request_id = str(request.scope.get("nxforge.request_id", ""))
    problem = problem_of(error, request_id)
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        get_log(None).exception(
            "request failed", path=request.url.path, error_type=type(error).__name__
        )
    headers = {"WWW-Authenticate": "Bearer"} if problem.status == 401 else {}  # noqa: PLR2004  # RFC 9110 11.6.1
    return Response(
        encode(problem),
        status_code=problem.status,
        media_type=PROBLEM_JSON,
        headers=headers,
    )


_Facts = tuple[int, str, str, str, Any]


def _facts(error: Exception) -> _Facts:
    if isinstance(error, NxForgeError):
        return error.status, error.code, error.message, error.remedy, None
    if isinstance(error, ValidationException):
        return _validation(error)
    if isinstance(error, HTTPException):
        return _http(error)
    remedy = "the log has the details under the request id"
    return 500, "internal", "the request failed inside the host", remedy, None


def _validation(error: ValidationException) -> _Facts:
    faults: list[dict[str, Any]] = list(error.extra or [])  # type: ignore[arg-type]  # Litestar fills it with such dictionaries
    detail = "; ".join(_fault(fault) for fault in faults) or error.detail
    remedy = "see /schema/openapi.json for what this route accepts"
    return 400, "validation", detail, remedy, faults


def _fault(fault: dict[str, Any]) -> str:
    place = f"{fault.get('source', 'request')} {fault.get('key', '')}".strip()
    return f"{place}: {fault.get('message', 'is not valid')}"


def _http(error: HTTPException) -> _Facts:
    code = HTTPStatus(error.status_code).name.lower()
    return error.status_code, code, error.detail, "", None
