"""How a failed request is answered: problem details, or a page to a person."""

from __future__ import annotations

import re
from typing import Any, Final

from litestar import Request
from litestar.exceptions import HTTPException

from nxforge_core.api import NxForgeError, UnavailableError
from nxforge_core.security.people import TooManyLoginsError
from nxforge_core.services import get_log
from nxforge_core.ui import HTML, render_error, render_login, speak_to

from ._answer import Answer
from ._encode import PROBLEM_JSON, encode
from ._errors import EncodedBodyError, TooManyRequestsError
from ._methods import with_head
from ._problem import Problem, cause_of, problem_of
from ._scope import PATH, REQUEST_ID, root_of, shown

__all__ = ["answer_error", "failure_answer"]

_UNAUTHENTICATED: Final = 401
_SERVER_ERRORS: Final = 500
#: Below these only programs ask.
_FOR_PROGRAMS: Final = ("/api/", "/health/", "/schema/")
_RETRY_SECONDS: Final = "10"


def answer_error(request: Request[Any, Any, Any], error: Exception) -> Answer:
    """Litestar exception handler for everything a handler can raise."""
    answer = failure_answer(request.scope, error)
    if answer.status_code is not None and answer.status_code >= _SERVER_ERRORS:
        _tell(request.scope, cause_of(error))
    return answer


def failure_answer(scope: Any, error: BaseException) -> Answer:
    """The answer to a request that failed with this error."""
    cause = cause_of(error)
    problem = problem_of(cause, scope[REQUEST_ID], scope[PATH])
    headers = _headers(cause, problem.status)
    if not _wants_page(scope):
        return Answer(encode(problem), problem.status, PROBLEM_JSON, headers)
    accepted = dict(scope["headers"]).get(b"accept-language", b"")
    speak_to(accepted.decode("latin-1"))
    body = _page(problem, root_of(scope)).encode()
    media = f"{HTML}; charset=utf-8"
    return Answer(body, problem.status, media, headers)


def _headers(error: BaseException, status: int) -> dict[str, str]:
    headers: dict[str, str] = {}
    if isinstance(error, HTTPException):
        given = error.headers or {}
        headers = {name.lower(): str(value) for name, value in given.items()}
    if "allow" in headers:
        headers["allow"] = with_head(re.findall(r"\w+", headers["allow"]))
    if isinstance(error, UnavailableError):
        headers["retry-after"] = _RETRY_SECONDS
    elif isinstance(error, TooManyLoginsError | TooManyRequestsError):
        headers["retry-after"] = str(error.seconds)
    elif isinstance(error, EncodedBodyError):
        headers["accept-encoding"] = "identity"  # RFC 9110 12.5.3
    if status == _UNAUTHENTICATED:
        headers["www-authenticate"] = "Bearer"  # RFC 9110 11.6.1
    return headers


def _wants_page(scope: Any) -> bool:
    """Whether a person looks at the answer in a browser."""
    if scope[PATH].startswith(_FOR_PROGRAMS):
        return False
    return any(
        name == b"accept" and b"text/html" in value for name, value in scope["headers"]
    )


def _page(problem: Problem, root: str) -> str:
    if problem.status == _UNAUTHENTICATED:
        return render_login(problem.detail, root=root)
    return render_error(
        problem.title,
        problem.detail,
        remedy=problem.remedy,
        request_id=problem.request_id,
        root=root,
    )


def _tell(scope: Any, error: BaseException) -> None:
    facts = {"path": shown(scope[PATH]), "error_type": type(error).__name__}
    if isinstance(error, NxForgeError):
        # Its words say it all; in an outage every request ends here.
        get_log(None).error("request failed", problem=error.message, **facts)
    else:
        get_log(None).exception("request failed", **facts)
