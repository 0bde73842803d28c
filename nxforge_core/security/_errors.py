"""Errors of access, secrets and the network policy.

::

    UsageError
      UnknownRoleError       no role has this name
      NetworkEntryError      an entry of network.allow cannot be used
    ConflictError
      DuplicateNetworkError  the entry is on the list already
      DuplicateTokenError    an active token has this name already
    NxForgeError
      KeySetError            the key set cannot be read or made
      SecretError            a sealed value cannot be opened
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from nxforge_core.api import ConflictError, NxForgeError, UsageError

__all__ = [
    "DuplicateNetworkError",
    "DuplicateTokenError",
    "KeySetError",
    "NetworkEntryError",
    "SecretError",
    "UnknownRoleError",
]


class UnknownRoleError(UsageError):
    """No role has this name."""

    code = "unknown_role"

    def __init__(self, role: str, roles: Iterable[str]) -> None:
        self.role = role
        self.roles = tuple(roles)
        super().__init__(
            f"there is no role {role!r}", remedy=f"use one of {', '.join(self.roles)}"
        )


class DuplicateTokenError(ConflictError):
    """An active token has this name already."""

    code = "duplicate_token"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"there is an active token named {name!r} already",
            remedy=f"choose another name, or 'nxforge tokens revoke {name}' first",
        )
        self.name = name


class DuplicateNetworkError(ConflictError):
    """The entry is on the allow-list already."""

    code = "duplicate_network"

    def __init__(self, entry: str) -> None:
        super().__init__(
            f"{entry} is allowed already", remedy="'nxforge network list' shows it"
        )
        self.entry = entry


class NetworkEntryError(UsageError):
    """An entry of the allow-list cannot be used."""

    code = "network_entry"

    def __init__(self, entry: str, what: str, remedy: str = "") -> None:
        super().__init__(
            f"the entry {entry!r} of network.allow {what}",
            remedy=remedy
            or "write an address or a network, optionally with a port: 10.20.0.7, "
            "10.20.0.0/16, 10.20.0.0/16:80, [fd00::7]:443",
        )
        self.entry = entry


class KeySetError(NxForgeError):
    """The key set cannot be read or made.

    Args:
        where: The file or the setting; never a key.
    """

    code = "key_set"

    def __init__(self, where: str, what: str, remedy: str) -> None:
        super().__init__(f"the secret keys of {where} {what}", remedy=remedy)
        self.where = where


class SecretError(NxForgeError):
    """A sealed value cannot be opened; neither it nor its content is named.

    Args:
        key_id: Id of the key it was sealed with; empty where that cannot be read.
        reason: Which of the ways it failed.
    """

    code = "secret"

    def __init__(
        self, key_id: str, reason: Literal["no_key", "changed", "form", "probe"]
    ) -> None:
        what, remedy = _SECRET_FAILURES[reason]
        named = f" (key {key_id})" if key_id else ""
        super().__init__(f"a stored secret{named} {what}", remedy=remedy)
        self.key_id = key_id
        self.reason = reason


_SECRET_FAILURES: Final = {
    "no_key": (
        "was sealed with a key that is not in the key set",
        "add it to NXFORGE_SECRETS_KEYS or the key file, or enter the secret again",
    ),
    "changed": (
        "was changed, or sealed by another plugin",
        "enter the secret again",
    ),
    "form": ("is not in the sealed form", "enter the secret again"),
    "probe": ("comes back changed when it is tried at start", "check the machine"),
}
