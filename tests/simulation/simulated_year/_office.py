"""What an operator does: registers meters, edits rules, files slips of paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from simulator import Fault, Meter, World

from nxforge_consumption_monitor.endpoints import change, create
from nxforge_consumption_monitor.meter_events import EventBody, enter
from nxforge_consumption_monitor.models import EndpointBody, EndpointChange

from ._context import Surroundings
from ._rules import rules_of

__all__ = ["Office"]

_HOUR = 3600
#: From a meter's replacement until the slip of paper is typed in.
_FILED_AFTER = 30 * _HOUR
#: A busy machine takes its time; the network is slow for all meters at once.
_TIMEOUT_S = 3.0


@dataclass(frozen=True)
class _Task:
    at: int
    meter: Meter
    fault: Fault


class Office:
    """The operator of all meters.

    Attributes:
        ids: Of the endpoints, in the order of the meters.
    """

    def __init__(self, world: World, around: Surroundings) -> None:
        self._world = world
        self._around = around
        self.ids: list[str] = []
        tasks = [_task(meter, f) for meter in world.meters for f in meter.faults]
        wanted = [task for task in tasks if task is not None]
        self._tasks = sorted(wanted, key=lambda task: task.at, reverse=True)

    async def register(self, ports: list[int]) -> None:
        """Create the endpoints."""
        for meter, port in zip(self._world.meters, ports, strict=True):
            view = await create(self._around.ctx, _endpoint(meter, port))
            self.ids.append(view.id)

    async def work(self, at: int) -> None:
        """Do what is due; the operator's watch is right."""
        self._around.clock.instant = datetime.fromtimestamp(at, UTC)
        while self._tasks and self._tasks[-1].at <= at:
            task = self._tasks.pop()
            endpoint_id = self.ids[task.meter.number]
            if task.fault.kind == "replaced":
                await self._file(endpoint_id, task)
                continue
            wanted = EndpointChange(enabled=True)
            if task.fault.kind == "changed_page":
                layout = task.meter.rules_edited(task.fault)
                rules = rules_of(task.meter.traits, layout)
                wanted = EndpointChange(rules=rules)
            await change(self._around.ctx, endpoint_id, wanted)

    async def _file(self, endpoint_id: str, task: _Task) -> None:
        meter, start = task.meter, task.fault.span.start
        part = meter.part_at(start)
        old = meter.final(part - 1) % meter.traits.modulus
        instant = datetime.fromtimestamp(start, UTC)
        slip = EventBody(
            endpoint_id=endpoint_id,
            type="replacement",
            timestamp=instant,
            old_kwh=_kwh(old),
            new_kwh=_kwh(meter.parts[part].initial),
        )
        await enter(self._around.ctx, slip, by="operator")


def _task(meter: Meter, fault: Fault) -> _Task | None:
    if fault.kind == "replaced":
        return _Task(fault.span.start + _FILED_AFTER, meter, fault)
    if fault.kind in {"changed_page", "locked_out"}:
        return _Task(fault.span.end, meter, fault)
    return None


def _endpoint(meter: Meter, port: int) -> EndpointBody:
    traits = meter.traits
    return EndpointBody(
        name=f"meter-{meter.number:02}",
        url=f"http://127.0.0.1:{port}/values",
        rules=rules_of(traits, 0),
        interval_s=traits.interval,
        timeout_s=_TIMEOUT_S,
        tz=traits.zone,
        multiplier=Decimal(traits.multiplier),
        modulus_kwh=_kwh(traits.modulus),
    )


def _kwh(wh: int) -> Decimal:
    return Decimal(wh) / 1000
