"""The allow-list at work: entries of the settings, and those stored at run time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from nxforge_core.api import (
    Clock,
    Database,
    InvalidInputError,
    UnknownItemError,
    load_sql,
)

from ._errors import DuplicateNetworkError
from ._policy import NetworkPolicy, is_useful, useful_entry
from .audit import Actor, add_audit

__all__ = ["AllowedNetwork", "Networks"]

_SQL: Final = load_sql(__package__)
_LONGEST: Final = 200


class AllowedNetwork(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that was added at run time."""

    id: int
    entry: str
    note: str
    created_by: str
    created_at: datetime


class Networks:
    """Where outgoing requests may go now.

    A `NetworkPolicy` that follows the database: `reload` looks there, and whoever
    hears of a change calls it. Before that only the settings count.

    Args:
        database: The core's schema.
        clock: Says when.
        fixed: Entries of the setting `network.allow`.
        own: Numeric addresses of the installation.

    Raises:
        NetworkEntryError: naming the entry of the setting that cannot be used.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        fixed: Sequence[str] = (),
        own: Sequence[str] = (),
    ) -> None:
        self._database = database
        self._clock = clock
        self._own = tuple(own)
        self._policy = NetworkPolicy.parse(fixed, self._own)
        # One at a time: a slow look must not undo what a later one saw.
        self._looking = asyncio.Lock()
        self.fixed = tuple(fixed)

    def refusal(self, address: str, port: int) -> str | None:
        """As `NetworkPolicy.refusal`, by the list as it is now."""
        return self._policy.refusal(address, port)

    async def reload(self) -> None:
        """Look at what is stored."""
        async with self._looking:
            stored = [one.entry for one in await self.list() if is_useful(one.entry)]
            self._policy = NetworkPolicy.parse([*self.fixed, *stored], self._own)

    async def list(self) -> Sequence[AllowedNetwork]:
        """What is stored, in the order it came."""
        return await self._database.structs(AllowedNetwork, _SQL.list_networks)

    async def add(self, entry: str, by: Actor, note: str = "") -> AllowedNetwork:
        """Allow an address or a network, in every process at once.

        Raises:
            NetworkEntryError: the entry cannot be used.
            InvalidInputError: the note is not one short line.
            DuplicateNetworkError: it is on the list.
        """
        text = useful_entry(entry).text
        if len(note) > _LONGEST or not note.isprintable():
            remedy = f"up to {_LONGEST} characters of one line"
            raise InvalidInputError(field="note", value=note, remedy=remedy)
        if any(useful_entry(one).text == text for one in self.fixed):
            raise DuplicateNetworkError(text)
        async with self._database.transaction() as connection:
            facts = (text, note, by.name, self._clock.now())
            found = await connection.structs(AllowedNetwork, _SQL.add_network, *facts)
            if not found:
                raise DuplicateNetworkError(text)
            change = (None, {"note": note})
            await add_audit(connection, by, "networks.allow", text, change)
        await self.reload()
        return found[0]

    async def find(self, text: str) -> int:
        """The id of what was added, by its id or any spelling of its entry.

        Raises:
            UnknownItemError: it was not added at run time.
        """
        spelt = useful_entry(text).text if is_useful(text) else text
        for one in await self.list():
            if spelt == one.entry or text == str(one.id):
                return one.id
        raise _unknown(text)

    async def remove(self, network: int, by: Actor) -> str:
        """Do not allow it any more, in any process; answers the entry.

        Raises:
            UnknownItemError: there is none with the id.
        """
        async with self._database.transaction() as connection:
            row = await connection.fetchrow(_SQL.remove_network, network)
            if row is None:
                raise _unknown(network)
            change = ({"note": row["note"]}, None)
            await add_audit(connection, by, "networks.remove", row["entry"], change)
        await self.reload()
        return str(row["entry"])


def _unknown(value: object) -> UnknownItemError:
    remedy = (
        "'nxforge network list' shows them; those of the settings are changed there"
    )
    return UnknownItemError(kind="network", value=value, remedy=remedy)
