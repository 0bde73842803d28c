"""Accounts: who there is, and that somebody can always administer the host."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from nxforge_core.api import Clock, Connection, Database, UnknownItemError
from nxforge_core.security._roles import require_role
from nxforge_core.security.audit import Actor, add_audit

from ._errors import DuplicateNameError, LastAdminError
from ._person import NewPerson, Person, PersonChange, check_facts
from ._sql import SQL

__all__ = ["Accounts", "Judge", "anything"]

#: Told of each role that a change takes away or gives, and of what it holds if it is an
#: own one; raises where the one who asks does not hold as much.
Judge = Callable[[str, Sequence[str] | None], None]

_CHANGEABLE: Final = ("display_name", "email", "role", "active")


def anything(role: str, grants: Sequence[str] | None) -> None:
    """The judge of whoever owns the machine."""
    del role, grants


class Accounts:
    """The people of this installation.

    Args:
        database: The core's schema.
        clock: Says when.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def list(self) -> list[Person]:
        """Everybody, by name; those who were deactivated too."""
        return await self._database.structs(Person, SQL.list_people, None)

    async def find(self, name: str) -> Person:
        """One of them.

        Raises:
            UnknownItemError: nobody has this name.
        """
        # PostgreSQL has no NUL, so nobody is called that.
        wanted = name.replace("\0", " ")
        found = await self._database.structs(Person, SQL.list_people, wanted)
        if not found:
            raise _unknown(name)
        return found[0]

    async def has_admin(self) -> bool:
        """Whether somebody can log in and administer."""
        return bool(await self._database.fetchval(SQL.count_admins))

    async def create(
        self, wanted: NewPerson, by: Actor, judge: Judge = anything
    ) -> Person:
        """Make an account without a password.

        Raises:
            InvalidInputError: a value is not acceptable.
            UnknownRoleError: no role has this name.
            DuplicateNameError: the name is taken, be it in other case.
        """
        async with self._database.transaction() as connection:
            await connection.execute(SQL.lock_people)
            judge(wanted.role, await require_role(connection, wanted.role))
            await add_person(connection, wanted, self._clock)
            after = msgspec.structs.asdict(wanted)
            await add_audit(connection, by, "users.create", wanted.name, (None, after))
        return await self.find(wanted.name)

    async def change(
        self, name: str, change: PersonChange, by: Actor, judge: Judge = anything
    ) -> Person:
        """Change an account; another role or none at all ends its sessions at once.

        Raises:
            UnknownItemError: nobody has this name.
            InvalidInputError: a value is not acceptable.
            UnknownRoleError: no role has this name.
            LastAdminError: nobody could administer the host any more.
        """
        given = change.given()
        check_facts(given)
        async with self._database.transaction() as connection:
            await connection.execute(SQL.lock_people)
            row = await connection.fetchrow(SQL.person_to_change, name)
            if row is None:
                raise _unknown(name)
            judge(row["role"], row["grants"])
            before = {key: row[key] for key in _CHANGEABLE}
            after = before | given
            if after == before:
                return await self.find(name)
            role = str(after["role"])
            judge(role, await require_role(connection, role))
            await connection.execute(SQL.change_person, row["id"], *after.values())
            await self._keep_an_admin(
                connection, row["name"], before, armed=row["armed"]
            )
            await _end_what_changed(connection, row["id"], before, after)
            changed = [key for key in _CHANGEABLE if before[key] != after[key]]
            told = ({k: before[k] for k in changed}, {k: after[k] for k in changed})
            await add_audit(connection, by, "users.change", row["name"], told)
        return await self.find(name)

    async def _keep_an_admin(
        self,
        connection: Connection,
        name: str,
        before: dict[str, object],
        *,
        armed: bool,
    ) -> None:
        was = armed and before["active"] and before["role"] == "admin"
        if was and not await connection.fetchval(SQL.count_admins):
            raise LastAdminError(name)


async def add_person(connection: Connection, wanted: NewPerson, clock: Clock) -> int:
    """Write one account inside the caller's transaction; answers its id.

    Raises:
        InvalidInputError: a value is not acceptable.
        DuplicateNameError: the name is taken.
    """
    check_facts(msgspec.structs.asdict(wanted))
    facts = (wanted.name, wanted.display_name, wanted.email, wanted.role)
    made = await connection.fetchval(SQL.add_person, *facts, clock.now())
    if made is None:
        raise DuplicateNameError(kind="user", name=wanted.name)
    return int(made)


async def _end_what_changed(
    connection: Connection,
    person: int,
    before: dict[str, object],
    after: dict[str, object],
) -> None:
    """Whoever may do other things from now on logs in anew."""
    if before["role"] != after["role"] or not after["active"]:
        await connection.fetchval(SQL.end_sessions, person, None)
    if not after["active"]:
        await connection.execute(SQL.forget_devices, person)
        await connection.execute(SQL.forget_person_links, person)


def _unknown(name: str) -> UnknownItemError:
    remedy = "'nxforge users list' shows them"
    return UnknownItemError(kind="user", value=name, remedy=remedy)
