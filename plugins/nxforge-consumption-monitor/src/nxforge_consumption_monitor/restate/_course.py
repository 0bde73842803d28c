"""A channel going on in time: its register unwrapped, its hours, days, months kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from nxforge_consumption_monitor.models import RollupRow
from nxforge_consumption_monitor.register import Cadence, Point, RegisterState, Step
from nxforge_consumption_monitor.rollup import (
    GoodPoint,
    Plan,
    PointQuality,
    Rollup,
    RollupState,
    advance,
    open_rollups,
)
from nxforge_consumption_monitor.store import StoredRegister

__all__ = ["Course", "plan_of"]

_EIGHT_PLACES: Final = Decimal("0.00000001")
_MOST_PLACES: Final = -8
#: Readings that were judged by a later one: what power they came with says nothing.
_BY_HINDSIGHT: Final = frozenset({"reset", "jump_rebased"})
_NOTHING: Final = msgspec.Raw(b"null")
_ROLLUP_STATE: Final = msgspec.json.Decoder(RollupState | None)


@lru_cache(maxsize=256)
def plan_of(tz: str, interval_s: int, gap_after_s: int | None) -> Plan:
    """How an endpoint's hours, days and months are kept."""
    gap = None if gap_after_s is None else timedelta(seconds=gap_after_s)
    return Plan(ZoneInfo(tz), Cadence(timedelta(seconds=interval_s), gap))


class Course:
    """One channel, going on from where it was left.

    Args:
        endpoint_id: Of the endpoint.
        channel: Of it.
        plan: Of the endpoint.
        register: State of the register arithmetic.
        rollup: The open hour, day and month, JSON; null at the beginning.

    Attributes:
        register: As it is now.
    """

    def __init__(
        self,
        endpoint_id: str,
        channel: str,
        plan: Plan,
        *,
        register: RegisterState,
        rollup: msgspec.Raw = _NOTHING,
    ) -> None:
        self.channel = channel
        self.register = register
        self._endpoint_id = endpoint_id
        self._plan = plan
        self._rollup = _ROLLUP_STATE.decode(rollup)
        self._closed: list[Rollup] = []
        self._breaks: dict[datetime, int] = {}

    def follow(
        self,
        change: Step,
        *,
        at: datetime,
        power_kw: Decimal | None,
        by_hand: bool = False,
    ) -> None:
        """Go on by a reading that was judged.

        Args:
            change: What it changed.
            at: When it was taken.
            power_kw: Of the same answer.
            by_hand: A person typed it in or imported it.
        """
        self.register = change.state
        for event in change.events:
            self.count_break(event.ts)
        for point in change.points:
            is_reading = point.ts == at
            self._fold(
                GoodPoint(
                    point.ts,
                    _stored(point.total_kwh),
                    "manual" if is_reading and by_hand else point.quality,
                    power_kw if is_reading else None,
                )
            )

    def resume(self, reading: StoredRegister) -> None:
        """Go on by a good reading that keeps what it is worth."""
        quality: PointQuality = "manual" if reading.quality == "manual" else "measured"
        power = None if reading.reason in _BY_HINDSIGHT else reading.power_kw
        if reading.register_kwh is None or reading.total_kwh is None:
            self.sample(reading.ts, power)
            return
        is_low = reading.reason == "jitter" and self.register.v0 is not None
        self.register = RegisterState(
            v0=self.register.v0 if is_low else reading.register_kwh,
            t0=reading.ts,
            total=reading.total_kwh,
        )
        self._fold(GoodPoint(reading.ts, reading.total_kwh, quality, power))

    def sample(self, at: datetime, power_kw: Decimal | None) -> None:
        """Go on by an answer without a register: only of a device that has none."""
        if self.register.t0 is None and power_kw is not None:
            self._fold(GoodPoint(at, None, "measured", power_kw))

    def point(self, point: Point) -> None:
        """Go on by the total at a meter event."""
        self._fold(GoodPoint(point.ts, _stored(point.total_kwh), point.quality))

    def count_break(self, at: datetime) -> None:
        """Note a break of the register; it is counted with the point of its instant."""
        self._breaks[at] = self._breaks.get(at, 0) + 1

    @property
    def month_kwh(self) -> Decimal | None:
        """Energy of the open month; None while one instant of it is known."""
        state = self._rollup
        month = state.buckets[-1] if state else None
        if state is None or month is None or not month.known_us:
            return None
        return state.total_kwh - month.start_kwh

    def closed(self) -> tuple[RollupRow, ...]:
        """What was closed."""
        return self._rows(self._closed)

    def rollups(self) -> tuple[RollupRow, ...]:
        """What was closed, and what is open."""
        if self._rollup is None:
            return ()
        return self._rows([*self._closed, *open_rollups(self._rollup, self._plan)])

    def _rows(self, rows: list[Rollup]) -> tuple[RollupRow, ...]:
        if not rows:
            return ()
        known = {(row.grain, row.start_ts): row for row in rows}
        tz = self._plan.zone.key
        return tuple(
            RollupRow(
                endpoint_id=self._endpoint_id,
                channel=self.channel,
                tz=tz,
                **msgspec.structs.asdict(row),
            )
            for row in known.values()
        )

    def states(self) -> dict[str, Any]:
        """What to remember, JSON."""
        return {
            "register_state": msgspec.json.encode(self.register).decode(),
            "rollup_state": msgspec.json.encode(self._rollup).decode()
            if self._rollup
            else None,
        }

    def _fold(self, point: GoodPoint) -> None:
        if self._breaks:
            point = msgspec.structs.replace(point, events=self._breaks.pop(point.ts, 0))
        self._rollup, closed = advance(self._rollup, point, self._plan)
        self._closed += closed


def _stored(total_kwh: Decimal) -> Decimal:
    # As the column keeps it: folded from stored readings the rows must be the same.
    exponent = total_kwh.as_tuple().exponent
    is_fine = isinstance(exponent, int) and exponent < _MOST_PLACES
    return total_kwh.quantize(_EIGHT_PLACES) if is_fine else total_kwh
