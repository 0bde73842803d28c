"""Keeps events for durable subscriptions until they are told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, TypeAlias

import msgspec

from nxforge_core.api import Database, load_sql

from ._parcel import Parcel
from ._patterns import matches_any

__all__ = ["SUBSCRIBERS", "Due", "Keeper"]

#: Says that durable subscriptions changed.
SUBSCRIBERS: Final = "nxforge_subscribers"
_SQL: Final = load_sql("nxforge_core.events")

#: A plugin, the name of its subscription, its pattern.
Wish: TypeAlias = tuple[str, str, str]


class Due(msgspec.Struct, frozen=True):
    """A delivery in hand."""

    delivery: int
    tries: int
    parcel: Parcel


class Keeper:
    """The tables of durable subscriptions.

    Args:
        database: On the core's schema.
        holder: What this process calls itself.
        lease: Seconds without a sign of life after which another process takes over.
    """

    def __init__(self, database: Database, holder: str, lease: float) -> None:
        self._database = database
        self._holder = holder
        # Not read yet: the database decides.
        self._patterns: tuple[str, ...] = ("*",)
        self._wishes: dict[str, tuple[Wish, ...]] = {}
        self.lease = lease

    def wants(self, name: str) -> bool:
        """Whether a durable subscription of any process wants events of the name."""
        return matches_any(self._patterns, name)

    async def reload(self) -> None:
        """Read which patterns are wanted."""
        rows = await self._database.fetch(_SQL.patterns)
        self._patterns = tuple(row["pattern"] for row in rows)

    async def register(self, plugins: Collection[str], wishes: Sequence[Wish]) -> None:
        """Tell what some plugins of this process want from now on, and no more."""
        for plugin in plugins:
            self._wishes[plugin] = tuple(one for one in wishes if one[0] == plugin)
        owners, names, patterns = _columns(wishes, 3)
        async with self._database.transaction() as connection:
            await connection.execute(_SQL.forget_others, list(plugins), owners, names)
            await connection.execute(_SQL.register, owners, names, patterns)
            await connection.execute(_SQL.tell_subscribers)
        await self.reload()

    def leave(self, plugins: Collection[str]) -> None:
        """These plugins run here no more; what they want is kept for when they do."""
        for plugin in plugins:
            self._wishes.pop(plugin, None)

    async def store(self, parcels: Sequence[Parcel]) -> None:
        """Store events for whoever wants them."""
        rows = [(p.id, p.name, p.source, p.at, bytes(p.data).decode()) for p in parcels]
        await self._database.execute(_SQL.store, *_columns(rows, 5))

    async def take(self, plugin: str, subscription: str, most: int) -> list[Due]:
        """Lease deliveries that are due, the oldest first."""
        rows = await self._database.fetch(
            _SQL.take, plugin, subscription, most, self._holder, self.lease
        )
        return sorted(
            (
                Due(
                    row["delivery"],
                    row["tries"],
                    Parcel(
                        row["id"],
                        row["name"],
                        row["source"],
                        row["at"],
                        msgspec.Raw(row["data"].encode()),
                    ),
                )
                for row in rows
            ),
            key=lambda due: due.delivery,
        )

    async def renew(self, deliveries: Collection[int]) -> None:
        """Hold what is in hand for another lease."""
        held = list(deliveries)
        await self._database.execute(_SQL.renew, held, self._holder, self.lease)

    async def done(self, delivery: int) -> None:
        """Forget what was told."""
        await self._database.execute(_SQL.done, delivery, self._holder)

    async def again(self, delivery: int, why: str, pause: float | None) -> None:
        """Try again after so many seconds; None: never again."""
        facts = delivery, self._holder, why[:2000], pause
        await self._database.execute(_SQL.again, *facts)

    async def give_back(self, deliveries: Collection[int]) -> None:
        """Leave what was not begun to others."""
        held = list(deliveries)
        await self._database.execute(_SQL.give_back, held, self._holder)

    async def next_due(self, plugin: str, subscription: str) -> float | None:
        """Seconds until something is due; None while there is nothing."""
        found = await self._database.fetchval(_SQL.next_due, plugin, subscription)
        return None if found is None else max(float(found), 0.0)

    async def keep_house(self) -> None:
        """Say that this process is there, and delete what nobody needs."""
        wishes = [one for each in self._wishes.values() for one in each]
        owners, names, _ = _columns(wishes, 3)
        await self._database.execute(_SQL.seen, owners, names)
        for statement in (
            _SQL.forget_subscribers,
            _SQL.forget_deliveries,
            _SQL.forget_kept,
        ):
            await self._database.execute(statement)


def _columns(rows: Sequence[tuple[object, ...]], width: int) -> list[list[object]]:
    return [[row[number] for row in rows] for number in range(width)]
