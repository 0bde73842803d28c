"""TLS modes in the words of aiohttp, and certificates in those of the API."""

from __future__ import annotations

import hashlib
from typing import Final

import aiohttp

from nxforge_core.api import Certificate, TlsMode
from nxforge_core.api.errors import InvalidInputError

__all__ = ["Trust", "read_certificate", "trusted"]

#: What aiohttp takes for `ssl`: True leaves it to the connector, False asks nobody.
Trust = bool | aiohttp.Fingerprint

_SHA256_BYTES: Final = 32


def trusted(mode: TlsMode, pin: str) -> Trust:
    """Whom to trust.

    Raises:
        InvalidInputError: the pin of `pinned` is no SHA-256.
    """
    if mode != "pinned":
        return mode == "verify"
    try:
        digest = bytes.fromhex(pin.replace(":", ""))
    except ValueError:
        digest = b""
    if len(digest) != _SHA256_BYTES:
        raise InvalidInputError(
            field="pin",
            value=pin,
            remedy="give the SHA-256 of the certificate as 64 hex digits",
        )
    return aiohttp.Fingerprint(digest)


def read_certificate(der: bytes) -> Certificate | None:
    """A certificate in words; None if it cannot be read."""
    from cryptography import x509  # noqa: PLC0415 - needed for https only

    try:
        found = x509.load_der_x509_certificate(der)
        subject, ends = found.subject.rfc4514_string(), found.not_valid_after_utc
    except ValueError:
        return None
    return Certificate(hashlib.sha256(der).hexdigest(), subject, ends)
