"""Pages of devices, with their logins, and no secret of theirs in any text."""

from __future__ import annotations

from ._answer import Answer, check_content
from ._certificate import peer_certificate, token_expiry
from ._credential import Credential
from ._errors import LoginPageError, LoginRefusedError, LoginStatusError
from ._options import (
    AuthKind,
    AuthOptions,
    BearerOptions,
    FormOptions,
    JsonLoginOptions,
    NoOptions,
    decode_options,
)
from ._pages import Pages
from ._redact import redact, redactor, storable
from ._request import PageRequest, page_request
from ._steps import decode_steps, needs_login

__all__ = [
    "Answer",
    "AuthKind",
    "AuthOptions",
    "BearerOptions",
    "Credential",
    "FormOptions",
    "JsonLoginOptions",
    "LoginPageError",
    "LoginRefusedError",
    "LoginStatusError",
    "NoOptions",
    "PageRequest",
    "Pages",
    "check_content",
    "decode_options",
    "decode_steps",
    "needs_login",
    "page_request",
    "peer_certificate",
    "redact",
    "redactor",
    "storable",
    "token_expiry",
]
