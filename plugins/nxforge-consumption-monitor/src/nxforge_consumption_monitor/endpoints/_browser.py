"""What an endpoint that is read in a browser must satisfy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nxforge_consumption_monitor.fetch import decode_steps, needs_login
from nxforge_core.api import InvalidInputError

__all__ = ["check_browser"]


def check_browser(wanted: Mapping[str, Any], auth_kind: str) -> None:
    """Refuse steps without a browser, and what a browser cannot do.

    Raises:
        InvalidInputError: naming the member and what to give instead.
    """
    steps = decode_steps(wanted["browser_steps"])
    if wanted["client"] != "browser":
        if steps:
            remedy = "set 'client' to 'browser' as well, or leave the steps out"
            raise InvalidInputError(
                field="browserSteps", value=len(steps), remedy=remedy
            )
        return
    if wanted["method"] != "GET" or wanted["body"]:
        remedy = "a browser opens pages: use GET without a body, and steps for the rest"
        raise InvalidInputError(field="method", value=wanted["method"], remedy=remedy)
    if wanted["tls_mode"] == "pinned":
        remedy = "a browser cannot pin: use 'verify' or 'insecure'"
        raise InvalidInputError(field="tlsMode", value="pinned", remedy=remedy)
    if auth_kind == "login-json":
        remedy = "in a browser the steps log in: use 'form', and type {secret}"
        raise InvalidInputError(field="auth.type", value=auth_kind, remedy=remedy)
    if needs_login(steps) and auth_kind == "none":
        remedy = "give user name and secret as 'auth' of the type 'form'"
        raise InvalidInputError(field="auth", value=auth_kind, remedy=remedy)
