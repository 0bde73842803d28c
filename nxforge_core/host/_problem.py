"""Errors as RFC 9457 problem details, with the original's `error` member."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import msgspec
from litestar.exceptions import (
    HTTPException,
    NotFoundException,
    ValidationException,
)

from nxforge_core.api import NxForgeError

__all__ = ["ErrorMember", "Problem", "cause_of", "problem_of"]

_INTERNAL: Final = 500


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


def problem_of(error: BaseException, request_id: str = "", path: str = "") -> Problem:
    """Say what an error means to an HTTP client, nothing of an unexpected one."""
    status, code, detail, remedy, details = _facts(cause_of(error), path)
    return Problem(
        title=_phrase(status),
        status=status,
        detail=detail,
        remedy=remedy,
        request_id=request_id,
        error=ErrorMember(code=code, message=detail, details=details),
    )


def cause_of(error: BaseException) -> BaseException:
    """The one error inside a group of one, as a task group raises it."""
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error


_Facts = tuple[int, str, str, str, Any]


def _facts(error: BaseException, path: str) -> _Facts:
    if isinstance(error, NxForgeError):
        return error.status, error.code, error.message, error.remedy, None
    if isinstance(error, ValidationException):
        return _validation(error)
    if isinstance(error, NotFoundException) and error.detail == _phrase(404):
        return 404, "not_found", f"nothing answers at {path}", "", None
    # What Litestar says of a 500 is about the code, not about the request.
    if isinstance(error, HTTPException) and error.status_code != _INTERNAL:
        return _http(error)
    remedy = "the log has the details under the request id"
    return _INTERNAL, "internal", "the request failed inside the host", remedy, None


def _validation(error: ValidationException) -> _Facts:
    extra = error.extra if isinstance(error.extra, list) else []
    faults = [dict(each) for each in extra if isinstance(each, Mapping)]
    detail = "; ".join(_fault(fault) for fault in faults) or error.detail
    remedy = "see /schema/openapi.json for what this route accepts"
    return 400, "validation", detail, remedy, faults or None


def _fault(fault: Mapping[str, Any]) -> str:
    place = f"{fault.get('source', 'request')} {fault.get('key', '')}".strip()
    words = fault.get("message", "is not valid")
    # Litestar says of what is missing nothing but its name.
    return f"{place}: {'is missing' if words == repr(fault.get('key')) else words}"


def _http(error: HTTPException) -> _Facts:
    code = re.sub(r"\W+", "_", _phrase(error.status_code).lower())
    return error.status_code, code, error.detail, "", None


def _phrase(status: int) -> str:
    """The words of a status; a plugin may answer one that no standard names."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"Status {status}"
