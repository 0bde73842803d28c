"""Notices as signed requests."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from typing import Final

import msgspec

from nxforge_core.api import Http, HttpRequest, OutboundError

from ._errors import NotSentError
from ._notify import LEVELS
from ._target import Due, Target

__all__ = ["post_notice", "signature"]

_OK: Final = range(200, 300)
_MAX_ANSWER: Final = 65_536


async def post_notice(http: Http, due: Due, target: Target, now: datetime) -> None:
    """Send a notice under the network policy.

    Raises:
        NotSentError: the receiver did not take it.
    """
    facts = {
        "id": due.notice_id,
        "plugin": due.plugin,
        "level": LEVELS[due.level],
        "subject": due.subject,
        "text": due.body,
        "at": due.created_at,
    }
    body = msgspec.json.encode(facts)
    headers = {
        "Content-Type": "application/json",
        "X-NxForge-Event": "notice",
        "X-NxForge-Event-Id": str(due.notice_id),
    }
    if target.secret:
        headers["X-NxForge-Signature"] = signature(target.secret, body, now)
    request = HttpRequest(
        url=target.url,
        method="POST",
        headers=headers,
        body=body,
        max_bytes=_MAX_ANSWER,
    )
    try:
        answer = await http.fetch(request)
    except OutboundError as error:
        # Without the address: many receivers have their password in it.
        raise NotSentError(f"{error.what}. {error.remedy}".strip()) from error
    if answer.status not in _OK:
        message = f"the receiver answers {answer.status}"
        raise NotSentError(message)


def signature(secret: str, body: bytes, at: datetime) -> str:
    """Value of the header: the instant, and the HMAC-SHA256 of instant and body."""
    seconds = int(at.timestamp())
    signed = f"{seconds}.".encode() + body
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"
