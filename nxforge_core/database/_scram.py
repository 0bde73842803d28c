"""Password verifiers made here, so that no password stands in a server's log."""

from __future__ import annotations

import secrets
from base64 import b64encode
from hashlib import pbkdf2_hmac, sha256
from hmac import digest
from typing import Final

__all__ = ["scram_verifier"]

#: PostgreSQL's own default; the password is 256 random bits, not a person's.
_ROUNDS: Final = 4096


def scram_verifier(password: str) -> str:
    """Answer what `PASSWORD '...'` takes instead of the plain ASCII password."""
    salt = secrets.token_bytes(16)
    salted = pbkdf2_hmac("sha256", password.encode(), salt, _ROUNDS)
    stored = sha256(digest(salted, b"Client Key", "sha256")).digest()
    server = digest(salted, b"Server Key", "sha256")
    parts = [b64encode(part).decode() for part in (salt, stored, server)]
    return f"SCRAM-SHA-256${_ROUNDS}:{parts[0]}${parts[1]}:{parts[2]}"
