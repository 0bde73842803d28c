"""The built-in roles and what each of them may do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from nxforge_core.api import Manifest, Permission

from ._errors import UnknownRoleError
from ._permissions import Principal

__all__ = ["ROLES", "RoleBook", "require_role"]

ROLES: Final = ("admin", "operator", "viewer")


def require_role(role: str) -> None:
    """Refuse a name that no role has.

    Raises:
        UnknownRoleError: naming the roles there are.
    """
    if role not in ROLES:
        raise UnknownRoleError(role, ROLES)


class RoleBook:
    """Permissions by role: `admin` holds all, the others what permissions name them.

    Args:
        permissions: Every permission that may be granted.
    """

    def __init__(self, permissions: Iterable[Permission]) -> None:
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
        own = [
            permission
            for manifest in manifests
            for permission in manifest.permissions
            if permission.name.startswith(f"{manifest.id}:")
        ]
        return cls(own)

    def permissions(self, role: str) -> frozenset[str]:
        """What a role holds.

        Raises:
            UnknownRoleError: no role has this name.
        """
        require_role(role)
        return self._held[role]

    def principal(self, name: str, role: str) -> Principal:
        """A caller with what the role holds.

        Raises:
            UnknownRoleError: no role has this name.
        """
        return Principal(name, role, self.permissions(role))
