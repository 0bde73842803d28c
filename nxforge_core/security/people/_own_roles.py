"""Roles of an administrator's own making: sets of permissions with wildcards."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from nxforge_core.api import Clock, Database, InvalidInputError, UnknownItemError
from nxforge_core.security._grants import check_grants
from nxforge_core.security._roles import ROLES
from nxforge_core.security.audit import Actor, add_audit

from ._accounts import Judge, anything
from ._errors import DuplicateNameError, RoleInUseError
from ._sql import SQL

__all__ = ["OwnRole", "OwnRoles"]

_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,49}\Z")
_LONGEST: Final = 200


class OwnRole(msgspec.Struct, frozen=True, kw_only=True):
    """A role that somebody made."""

    name: str
    description: str
    permissions: list[str]
    created_at: datetime
    changed_at: datetime


class OwnRoles:
    """The own roles of this installation.

    Args:
        database: The core's schema.
        clock: Says when.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def list(self) -> Sequence[OwnRole]:
        """All of them, by name."""
        return await self._database.structs(OwnRole, SQL.list_own_roles)

    async def grants(self, name: str) -> Sequence[str] | None:
        """What an own role holds; None where it is none."""
        for role in await self.list():
            if role.name == name:
                return role.permissions
        return None

    async def put(
        self,
        name: str,
        permissions: Sequence[str],
        by: Actor,
        *,
        description: str = "",
        judge: Judge = anything,
    ) -> None:
        """Make the role, or change what it holds; whoever has it follows at once.

        Raises:
            DuplicateNameError: a built-in role has the name.
            InvalidInputError: name or a permission is not well-formed.
        """
        _check(name, permissions, description)
        wanted = sorted(set(permissions))
        after = {"description": description, "permissions": wanted}
        async with self._database.transaction() as connection:
            await connection.execute(SQL.lock_people)
            row = await connection.fetchrow(SQL.own_role_to_change, name)
            before = {key: row[key] for key in after} if row else None
            if row:
                judge(name, row["permissions"])
            judge(name, wanted)
            now = self._clock.now()
            await connection.execute(SQL.put_own_role, name, description, wanted, now)
            await add_audit(connection, by, "roles.set", name, (before, after))

    async def remove(self, name: str, by: Actor, judge: Judge = anything) -> None:
        """Remove a role that nobody has.

        Raises:
            UnknownItemError: there is no such own role.
            RoleInUseError: somebody has it.
        """
        async with self._database.transaction() as connection:
            await connection.execute(SQL.lock_people)
            row = await connection.fetchrow(SQL.own_role_to_change, name)
            if row is None:
                remedy = "'nxforge users roles' lists them; built-in ones stay"
                raise UnknownItemError(kind="own role", value=name, remedy=remedy)
            judge(name, row["permissions"])
            held = await connection.fetch(SQL.role_holders, name, self._clock.now())
            if held:
                raise RoleInUseError(name, [str(one["name"]) for one in held])
            await connection.execute(SQL.remove_own_role, name)
            before = {key: row[key] for key in ("description", "permissions")}
            await add_audit(connection, by, "roles.remove", name, (before, None))


def _check(name: str, permissions: Sequence[str], description: str) -> None:
    if name in ROLES:
        raise DuplicateNameError(kind="built-in role", name=name)
    if not _NAME.match(name):
        remedy = "begin with a small letter; up to 50 small letters, digits and '-'"
        raise InvalidInputError(field="name", value=name, remedy=remedy)
    check_grants("permissions", permissions)
    if len(description) > _LONGEST or not description.isprintable():
        remedy = f"up to {_LONGEST} characters of one line"
        raise InvalidInputError(field="description", value=description, remedy=remedy)
