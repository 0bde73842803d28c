"""The built-in roles and what each of them may do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from nxforge_core.api import Connection, Manifest, Permission, load_sql

from ._errors import UnknownRoleError
from ._permissions import Principal

__all__ = ["ROLES", "RoleBook", "require_role"]

ROLES: Final = ("admin", "operator", "viewer")
_SQL: Final = load_sql(__package__)


async def require_role(connection: Connection, role: str) -> Sequence[str] | None:
    """What an own role holds; None of a built-in one.

    Raises:
        UnknownRoleError: naming the roles there are.
    """
    if role in ROLES:
        return None
    # PostgreSQL has no NUL, so no role is called that.
    row = await connection.fetchrow(_SQL.own_role, role.replace("\0", " "))
    if row is None:
        own = [str(one["name"]) for one in await connection.fetch(_SQL.own_role_names)]
        raise UnknownRoleError(role, (*ROLES, *own))
    return list(row["permissions"])


class RoleBook:
    """Permissions by role: `admin` holds all, the others what permissions name them.

    Attributes:
        known: Every permission that may be granted.

    Args:
        permissions: The same.
    """

    def __init__(self, permissions: Iterable[Permission]) -> None:
        self._learn(tuple(permissions))

    def learn(self, manifests: Iterable[Manifest]) -> None:
        """Know these plugins' permissions from now on, and no others."""
        self._learn(_own(manifests))

    def _learn(self, permissions: tuple[Permission, ...]) -> None:
        self.known = permissions
        held: dict[str, set[str]] = {role: set() for role in ROLES}
        held["admin"].add("*")
        for permission in permissions:
            for role in permission.roles:
                held[role].add(permission.name)
        self._held = {role: frozenset(names) for role, names in held.items()}

    @classmethod
    def of(cls, manifests: Iterable[Manifest]) -> RoleBook:
        """The permissions of plugins, plugin zero's among them.

        A permission outside a plugin's own vocabulary is given to nobody: a manifest
        must not widen what a role may do elsewhere.
        """
        return cls(_own(manifests))

    def permissions(
        self, role: str, grants: Iterable[str] | None = None
    ) -> frozenset[str]:
        """What a role holds.

        Args:
            role: Its name.
            grants: What it holds if it is an own one.

        Raises:
            UnknownRoleError: it is neither built in nor an own one.
        """
        if role in self._held:
            return self._held[role]
        if grants is None:
            raise UnknownRoleError(role, ROLES)
        return frozenset(grants)

    def principal(self, name: str, role: str) -> Principal:
        """A caller with what the role holds.

        Raises:
            UnknownRoleError: no role has this name.
        """
        return Principal(name, role, self.permissions(role))


def _own(manifests: Iterable[Manifest]) -> tuple[Permission, ...]:
    return tuple(
        permission
        for manifest in manifests
        for permission in manifest.permissions
        if permission.name.startswith(f"{manifest.id}:")
    )
