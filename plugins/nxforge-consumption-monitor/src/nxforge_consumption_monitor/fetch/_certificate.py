"""Certificates and tokens: whose they are, and when they end."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from urllib.parse import urlsplit

import msgspec

from nxforge_core.api import Certificate, Http, HttpRequest

from ._credential import Credential
from ._options import BearerOptions
from ._request import PageRequest

__all__ = ["peer_certificate", "token_expiry"]


class _Claims(msgspec.Struct):
    exp: float | None = None


async def peer_certificate(request: PageRequest, http: Http) -> Certificate | None:
    """Who answers at this address, whoever vouches for them; None without TLS.

    For a person who then decides whether to pin it. The device's first page is asked
    for; nothing of the credential and nothing of the request is sent.

    Raises:
        OutboundError: nobody answers.
    """
    parts = urlsplit(request.url)
    if parts.scheme != "https":
        return None
    place = parts.netloc.rpartition("@")[2]
    answer = await http.fetch(
        HttpRequest(
            url=f"https://{place}/",
            timeout=request.timeout_s,
            max_bytes=request.max_bytes,
            tls="insecure",
        )
    )
    return answer.certificate


def token_expiry(credential: Credential) -> datetime | None:
    """When a bearer token ends; None where nobody says.

    The options say it, or else the token itself if it is a JWT. It is not verified:
    the device does that.
    """
    if not isinstance(credential.options, BearerOptions):
        return None
    if credential.options.expires_at is not None:
        return credential.options.expires_at
    claims = credential.secret.split(".")
    if len(claims) != 3:  # noqa: PLR2004 - head, claims, signature
        return None
    try:
        text = base64.urlsafe_b64decode(claims[1] + "=" * (-len(claims[1]) % 4))
        ends = msgspec.json.decode(text, type=_Claims).exp
        return None if ends is None else datetime.fromtimestamp(ends, UTC)
    except (binascii.Error, msgspec.DecodeError, ValueError, OverflowError, OSError):
        return None
