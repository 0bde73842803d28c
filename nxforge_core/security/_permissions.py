"""Permission names and what a grant covers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import msgspec

__all__ = ["Principal", "grants"]


def grants(grant: str, permission: str) -> bool:
    """Whether a grant covers a permission.

    `*` stands for one segment; as the last segment for one or more. So `*` covers
    everything and `meter:*` every permission of the plugin `meter`.
    """
    return _covers(grant.split(":"), permission.split(":"))


def _covers(grant: Sequence[str], permission: Sequence[str]) -> bool:
    if grant[-1] == "*" and len(permission) > len(grant):
        permission = permission[: len(grant)]
    return len(grant) == len(permission) and all(
        wanted in ("*", segment)
        for wanted, segment in zip(grant, permission, strict=True)
    )


# Pure, so sharing it between hosts in one process is safe. Bounded: permission names
# come from routes, a few hundred at the most, times a handful of roles.
@lru_cache(maxsize=4096)
def _any_grants(held: frozenset[str], permission: str) -> bool:
    return any(grants(grant, permission) for grant in held)


class Principal(msgspec.Struct, frozen=True):
    """Who makes a request, and what that one may do."""

    name: str
    role: str
    permissions: frozenset[str]

    def may(self, permission: str) -> bool:
        """Whether one of the grants covers the permission."""
        return permission in self.permissions or _any_grants(
            self.permissions, permission
        )
