"""Permission names and what a grant covers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

import msgspec

__all__ = ["Principal", "grants", "meet"]


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


def meet(one: str, other: str) -> str | None:
    """The grant that covers what both cover; None where they share nothing."""
    first, second = sorted((one.split(":"), other.split(":")), key=len)
    if len(first) < len(second):
        if first[-1] != "*":
            return None
        first += ["*"] * (len(second) - len(first))
    shared = []
    for mine, yours in zip(first, second, strict=True):
        if mine != yours and "*" not in (mine, yours):
            return None
        shared.append(yours if mine == "*" else mine)
    return ":".join(shared)


# Pure, so sharing it between hosts in one process is safe. Bounded: permission names
# come from routes, a few hundred at the most, times a handful of roles.
@lru_cache(maxsize=4096)
def _any_grants(held: frozenset[str], permission: str) -> bool:
    return any(grants(grant, permission) for grant in held)


# Bounded like the one above: grants of a role times those of a token.
@lru_cache(maxsize=1024)
def _shared(held: frozenset[str], limit: frozenset[str]) -> frozenset[str]:
    met = (meet(one, other) for one in held for other in limit)
    return frozenset(grant for grant in met if grant is not None)


class Principal(msgspec.Struct, frozen=True):
    """Who makes a request, and what that one may do.

    Attributes:
        name: Of the person, or of a token that belongs to nobody.
        person: Id of the account; None without one.
        session: Id of the session; None for a token.
        token: Id of the token; None for a session.
    """

    name: str
    role: str
    permissions: frozenset[str]
    person: int | None = None
    session: int | None = None
    token: int | None = None

    def within(self, limit: Iterable[str]) -> Principal:
        """The same caller with only what the limit covers, too."""
        shared = _shared(self.permissions, frozenset(limit))
        return msgspec.structs.replace(self, permissions=shared)

    def lacks(self, wanted: Iterable[str]) -> list[str]:
        """Those of the grants that go beyond what the caller holds."""
        return [grant for grant in wanted if not self.may(grant)]

    def may(self, permission: str) -> bool:
        """Whether one of the grants covers the permission."""
        return permission in self.permissions or _any_grants(
            self.permissions, permission
        )
