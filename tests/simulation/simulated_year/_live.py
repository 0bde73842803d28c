"""A whole run: world, host and operator, and what has to be said at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from simulator import Meter, Observer, World, WorldSpec

from nxforge_consumption_monitor.models import MonthlyReport
from nxforge_consumption_monitor.report import monthly
from nxforge_core.database import ServerAddress

from ._bench import Bench
from ._context import Surroundings
from ._evidence import Evidence, MeterEvidence, missing
from ._host import Host
from ._judge import judge, late, observer_of, unexplained
from ._office import Office
from ._recompute import recomputed
from ._year import Run, Year

__all__ = ["Lived", "live_through"]

#: Share of the polls.
_MOST_LATE: Final = 0.01


@dataclass(frozen=True)
class Lived:
    """What a run came to.

    Attributes:
        findings: Figures that are wrong, faults that did not land: a line for each.
        polls: That were stored, by outcome.
        rounds: Of collection that came to their end.
        killed: Exit codes of hosts that were killed.
        estimated_months: Months of which an end is estimated, and says so.
    """

    seed: int
    findings: list[str]
    polls: dict[str, int]
    rounds: int
    killed: list[int]
    estimated_months: int


async def live_through(
    spec: WorldSpec, around: Surroundings, database: ServerAddress, *, tick: int
) -> Lived:
    """Live through a world, and compare.

    Args:
        spec: Of the world.
        around: On the database's tables, empty.
        database: For the host.
        tick: Seconds between two rounds.
    """
    world, host = World(spec), Host(database)
    bench, office = Bench(spec), Office(world, around)
    try:
        await bench.start()
        await host.start()
        await office.register(bench.ports)
        run = await Year(world, bench, host, office, tick=tick).pass_by()
    finally:
        await host.stop()
        await bench.stop()
    evidence = Evidence(office.ids, run.instants)
    await evidence.collect(around.pool)
    reports = [await _reports(around, office, world, each) for each in world.meters]
    findings = [*_of_run(world, run)]
    for meter, found, known in zip(world.meters, evidence.meters, reports, strict=True):
        findings += _of_meter(world, run, meter, found, known)
        again = await recomputed(around.pool, office.ids[meter.number])
        findings += [f"meter {meter.number}: {line}" for line in again]
    pairs = list(zip(world.meters, evidence.meters, strict=True))
    polls = Counter(a.outcome for _, each in pairs for a in each.attempts)
    too_late = sum(late(meter, found) for meter, found in pairs)
    if too_late > polls.total() * _MOST_LATE:
        findings.append(f"{too_late} polls were late: this machine is too busy")
    lines = [each.lines[0] for known in reports for each in known.values()]
    return Lived(
        seed=spec.seed,
        findings=findings,
        polls=polls,
        rounds=run.rounds,
        killed=host.killed,
        estimated_months=sum(line.end_quality == "estimated" for line in lines),
    )


async def _reports(
    around: Surroundings, office: Office, world: World, meter: Meter
) -> dict[str, MonthlyReport]:
    endpoint_id = office.ids[meter.number]
    return {
        str(month): await monthly(around.ctx, endpoint_id, month=str(month))
        for month in world.months(meter)
    }


def _of_meter(
    world: World,
    run: Run,
    meter: Meter,
    found: MeterEvidence,
    reports: dict[str, MonthlyReport],
) -> Iterator[str]:
    yield from missing(meter, found, world.spec.quarters)
    yield from unexplained(meter, found, [at for _, at in run.kills])
    observer: Observer = observer_of(meter, found)
    yield from map(str, judge(world, meter, observer, reports))


def _of_run(world: World, run: Run) -> Iterator[str]:
    for stamped, rows in run.differences:
        yield f"rollups differ from readings at {stamped}: {rows}"
    for span in world.kills:
        if not any(span.start <= at < span.end + 3600 for _, at in run.kills):
            yield f"no kill at {span}"
    if "waiting" not in {how for how, _ in run.kills}:
        yield "no kill in the middle of a round"
    wrong = {at for at in run.instants.values() if world.offset(at)}
    for span, offset in world.offsets:
        if not any(span.start <= at < span.end for at in wrong):
            yield f"the clock never was {offset} s wrong"
