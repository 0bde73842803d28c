"""How a device is logged in to, with what."""

from __future__ import annotations

import base64
from urllib.parse import quote, quote_plus

import msgspec

from nxforge_core.api import BasicAuth, DigestAuth

from ._options import AuthKind, AuthOptions, NoOptions

__all__ = ["Credential"]


class Credential(msgspec.Struct, frozen=True, kw_only=True):
    """How to log in; `AuthKind` says what name and secret are of each kind."""

    kind: AuthKind = "none"
    username: str = ""
    secret: str = ""
    options: AuthOptions = NoOptions()

    def __repr__(self) -> str:
        return f"Credential(kind={self.kind!r}, username={self.username!r})"

    def shapes(self) -> tuple[str, ...]:
        """Texts in which the secret may turn up."""
        if not self.secret:
            return ()
        pair = f"{self.username}:{self.secret}"
        encoded = base64.b64encode(pair.encode()).decode()
        escaped = msgspec.json.encode(self.secret).decode()[1:-1]
        shapes = (encoded, self.secret, quote(self.secret), quote_plus(self.secret))
        return tuple(dict.fromkeys((*shapes, escaped)))

    def headers(self) -> dict[str, str]:
        """What carries the secret in a header."""
        match self.kind:
            case "bearer":
                return {"Authorization": f"Bearer {self.secret}"}
            case "header":
                return {self.username: self.secret}
            case "cookie":
                name = f"{self.username}=" if self.username else ""
                return {"Cookie": name + self.secret}
            case _:
                return {}

    def login(self) -> BasicAuth | DigestAuth | None:
        """The login that HTTP itself knows."""
        if self.kind == "basic":
            return BasicAuth(self.username, self.secret)
        return DigestAuth(self.username, self.secret) if self.kind == "digest" else None
