"""The signature of a delivery: who knows the secret can tell it is ours. Pure."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from typing import Final

__all__ = ["SIGNATURE_HEADER", "signature"]

SIGNATURE_HEADER: Final = "X-NxForge-Signature"


def signature(secret: str, body: bytes, at: datetime) -> str:
    """Value of the header: the instant, and the HMAC-SHA256 of instant and body.

    The instant is signed too, so that an old delivery cannot be sent again as new.
    """
    seconds = int(at.timestamp())
    signed = f"{seconds}.".encode() + body
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"
