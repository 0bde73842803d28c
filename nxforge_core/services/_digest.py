"""Answering a digest challenge, RFC 7616.

httpx has the same arithmetic, which the tests compare with this one. It could not be
used: it takes only headers that follow the grammar, and knows no `SHA256`.
"""

from __future__ import annotations

import hashlib
import secrets
from urllib.parse import quote

from nxforge_core.api import DigestAuth

from ._challenge import Challenge

__all__ = ["Digest"]


class Digest:
    """One challenge, and how often it was answered.

    Args:
        challenge: Of the device.
        cnonce: Drawn once for each challenge: the count tells the answers apart.
    """

    def __init__(self, challenge: Challenge, cnonce: str = "") -> None:
        self._challenge = challenge
        self._cnonce = cnonce or secrets.token_hex(16)
        self._count = 0

    def authorization(
        self, auth: DigestAuth, method: str, uri: str, body: bytes
    ) -> str:
        """The header `Authorization` of the next request.

        Args:
            auth: Name and password.
            method: Of the request.
            uri: Path and query as the request line has them.
            body: What is sent; it counts where the device asks for integrity.
        """
        self._count += 1
        asked, count = self._challenge, f"{self._count:08x}"
        secret = self._secret(auth)
        what = f"{method}:{uri}"
        if asked.qop == "auth-int":
            what = f"{what}:{hashlib.new(asked.digest, body).hexdigest()}"
        middle = asked.nonce
        if asked.qop:
            middle = f"{asked.nonce}:{count}:{self._cnonce}:{asked.qop}"
        answer = self._hash(f"{secret}:{middle}:{self._hash(what)}")
        return f"Digest {', '.join(self._parts(auth.username, uri, answer, count))}"

    def _parts(self, username: str, uri: str, answer: str, count: str) -> list[str]:
        asked = self._challenge
        parts = [
            _username(username),
            f"realm={_quoted(asked.realm)}",
            f"nonce={_quoted(asked.nonce)}",
            f"uri={_quoted(uri)}",
            f'response="{answer}"',
        ]
        if asked.algorithm:
            parts.append(f"algorithm={asked.algorithm}")
        if asked.opaque is not None:
            parts.append(f"opaque={_quoted(asked.opaque)}")
        if asked.qop:
            parts += [f"qop={asked.qop}", f"nc={count}"]
        if asked.qop or asked.per_session:
            parts.append(f'cnonce="{self._cnonce}"')
        return parts

    def _secret(self, auth: DigestAuth) -> str:
        asked = self._challenge
        plain = self._hash(f"{auth.username}:{asked.realm}:{auth.password}")
        if not asked.per_session:
            return plain
        return self._hash(f"{plain}:{asked.nonce}:{self._cnonce}")

    def _hash(self, text: str) -> str:
        # MD5 is what devices know: it hides the password, and vouches for nothing.
        return hashlib.new(
            self._challenge.digest, text.encode(), usedforsecurity=False
        ).hexdigest()


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _username(name: str) -> str:
    if name.isascii():
        return f"username={_quoted(name)}"
    return f"username*=UTF-8''{quote(name, safe='')}"
