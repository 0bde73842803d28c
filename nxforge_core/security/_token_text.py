"""The text of a token: recognisable, checkable without a database, hashed at rest."""

from __future__ import annotations

import hashlib
import secrets
import string
import zlib
from typing import Final

__all__ = ["PREFIX", "digest", "is_well_formed", "new_text"]

PREFIX: Final = "nxf_"
_ALPHABET: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM: Final = 27  # characters: 62**27 is just over 2**160
_CHECK: Final = 6  # characters: 62**6 holds a CRC-32


def new_text() -> str:
    """`nxf_`, 27 random characters (160 bits) and 6 of checksum.

    Prefix and checksum let secret scanners tell a token from other text.
    """
    body = _base62(secrets.randbits(160), _RANDOM)
    return f"{PREFIX}{body}{_checksum(body)}"


def is_well_formed(text: str) -> bool:
    """Whether the text can be a token at all."""
    body = text[len(PREFIX) : -_CHECK]
    return (
        len(text) == len(PREFIX) + _RANDOM + _CHECK
        and text.startswith(PREFIX)
        and text.isascii()
        and secrets.compare_digest(text[-_CHECK:], _checksum(body))
    )


def digest(text: str) -> bytes:
    """SHA-256 as stored: 160 random bits need no slow hash."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).digest()


def _checksum(body: str) -> str:
    return _base62(zlib.crc32(body.encode()), _CHECK)


def _base62(number: int, width: int) -> str:
    digits = []
    for _ in range(width):
        number, digit = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))
