"""The run itself: time goes on tick by tick, and the jobs do what is due."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

from simulator import World

from ._bench import Bench
from ._host import Host
from ._office import Office

__all__ = ["Run", "Year"]

_DAY = 86_400
_WEEK = 7 * _DAY
_HOUR = 3600
_OFF_THE_HOUR = 617
_COLLECT = "collect-consumption"


@dataclass
class Run:
    """What happened.

    Attributes:
        instants: Of the world, by what the host's clock said.
        kills: Ticks at which the host was killed: `waiting` for meters, `working`
            somewhere, or `between` rounds.
        rounds: That came to their end.
        verified: Comparisons of rollups with readings that found no difference.
        differences: What they found.
    """

    instants: dict[int, int] = field(default_factory=dict)
    kills: list[tuple[str, int]] = field(default_factory=list)
    rounds: int = 0
    verified: int = 0
    differences: list[tuple[datetime, object]] = field(default_factory=list)


class Year:
    """Lets a world's time pass.

    Args:
        world: With everything that goes wrong.
        bench: Its meters.
        host: Collects.
        office: Its operator.
        tick: Seconds between two rounds.
    """

    def __init__(
        self, world: World, bench: Bench, host: Host, office: Office, *, tick: int
    ) -> None:
        self._world = world
        self._bench = bench
        self._host = host
        self._office = office
        self._tick = tick
        self._random = Random(world.spec.seed)
        self._kills = list(self._planned())
        self.run = Run()

    async def pass_by(self) -> Run:
        """From the beginning to the end."""
        spec = self._world.spec
        for number in range((spec.end - spec.begin) // self._tick):
            # Every other round is off the hour: no reading lies on its boundary.
            at = spec.begin + number * self._tick + number % 2 * _OFF_THE_HOUR
            await self._bench.set_time(at)
            await self._office.work(at)
            stamped = at + self._world.offset(at)
            self.run.instants[stamped] = at
            if self._kills and at >= self._kills[0][1]:
                await self._kill(self._kills.pop(0)[0], at, _instant(stamped))
                await self._bench.free()
            else:
                await self._host.run(_COLLECT, _instant(stamped))
                self.run.rounds += 1
            if (number + 1) * self._tick % _WEEK == 0:
                await self._upkeep(_instant(stamped))
        return self.run

    def _planned(self) -> list[tuple[str, int]]:
        how = ("waiting", "working", "between")
        return [
            (how[(turn + n) % len(how)], span.start + n * _HOUR)
            for turn, span in enumerate(self._world.kills)
            for n in range(min(self._world.spec.quarters, len(how)))
        ]

    async def _kill(self, how: str, at: int, stamped: datetime) -> None:
        if how == "waiting":
            await self._bench.hold()
            self._host.begin(_COLLECT, stamped)
            if not await self._bench.until_asked():
                # Nobody was due: the next round will do.
                await self._host.end()
                self._kills.insert(0, (how, at))
                return
        elif how == "working":
            self._host.begin(_COLLECT, stamped)
            await asyncio.sleep(self._random.uniform(0, 0.03))
        else:
            await self._host.run(_COLLECT, stamped)
        await self._host.kill()
        self.run.kills.append((how, at))

    async def _upkeep(self, stamped: datetime) -> None:
        answer = await self._host.run("verify-rollups", stamped, days=8)
        result = answer["result"]
        assert isinstance(result, dict)
        if result["different"]:
            self.run.differences.append((stamped, result["rows"]))
        else:
            self.run.verified += 1
        await self._host.run("cleanup-readings", stamped)
        await self._host.run("make-reports", stamped)


def _instant(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)
