"""What the database says about each fault: one that did not land proves nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from simulator import KINDS, OF_CLOCKS, Fault, Meter

from nxforge_core.api import Connection

__all__ = ["Attempt", "Evidence", "MeterEvidence", "Stored", "missing"]

_ATTEMPTS = """
select endpoint_id::text, started_at, outcome from scrape_attempt order by started_at
"""
_READINGS = """
select endpoint_id::text, ts, register_kwh, quality, reason, raw_unit, rule_version
from reading where channel = 'total' order by ts
"""
_EVENTS = """
select endpoint_id::text, ts, type, origin from meter_event order by ts
"""
_BROKEN_PAGES = frozenset({"decode", "selector_missing", "unexpected_content"})
_UNITS = frozenset({"Wh", "kWh", "MWh"})


@dataclass(frozen=True)
class Attempt:
    """A poll, by the world's time and by the host's clock."""

    at: int
    stamped: int
    outcome: str


@dataclass(frozen=True)
class Stored:
    """A reading, by the world's time."""

    at: int
    register_kwh: Decimal
    quality: str
    reason: str
    unit: str
    rule_version: int


@dataclass
class MeterEvidence:
    """What is stored of one meter.

    Attributes:
        events: World's time and type, `replaced` for what the operator filed.
    """

    attempts: list[Attempt] = field(default_factory=list)
    readings: list[Stored] = field(default_factory=list)
    events: list[tuple[int, str]] = field(default_factory=list)


class Evidence:
    """What is stored, by meter.

    Args:
        ids: Of the endpoints.
        instants: Of the world, by what the host's clock said.
    """

    def __init__(self, ids: list[str], instants: dict[int, int]) -> None:
        self._number = {endpoint_id: n for n, endpoint_id in enumerate(ids)}
        self._instants = instants
        self.meters = [MeterEvidence() for _ in ids]

    async def collect(self, connection: Connection) -> None:
        """Read it from the database."""
        for row in await connection.fetch(_ATTEMPTS):
            at, stamped = self._times(row["started_at"])
            self._of(row).attempts.append(Attempt(at, stamped, row["outcome"]))
        for row in await connection.fetch(_READINGS):
            at, _ = self._times(row["ts"])
            fields = (row[name] for name in tuple(row.keys())[2:])
            self._of(row).readings.append(Stored(at, *fields))
        for row in await connection.fetch(_EVENTS):
            is_filed = row["origin"] == "user"
            at = int(row["ts"].timestamp()) if is_filed else self._times(row["ts"])[0]
            self._of(row).events.append((at, row["type"]))

    def _of(self, row: object) -> MeterEvidence:
        return self.meters[self._number[row["endpoint_id"]]]  # type: ignore[index]

    def _times(self, ts: datetime) -> tuple[int, int]:
        stamped = int(ts.timestamp())
        # What is no time of the host's clock is that of a device's, which is right.
        return self._instants.get(stamped, stamped), stamped


def missing(meter: Meter, found: MeterEvidence, quarters: int) -> list[str]:
    """What of a meter's faults did not land, a line for each."""
    lines = [
        f"meter {meter.number} quarter {fault.quarter}: {fault.kind} did not land"
        for fault in meter.faults
        if not _landed(fault, meter, found)
    ]
    for quarter in range(quarters):
        planned = {f.kind for f in meter.faults if f.quarter == quarter} | {"rollover"}
        lines += [
            f"meter {meter.number} quarter {quarter}: no {kind}"
            for kind in KINDS
            if kind not in planned and (meter.traits.has_clock or kind not in OF_CLOCKS)
        ]
    units = {each.unit for each in found.readings}
    if not units >= _UNITS:
        lines.append(f"meter {meter.number}: only units {sorted(units)}")
    return lines


def _landed(fault: Fault, meter: Meter, found: MeterEvidence) -> bool:
    span = fault.span
    until = span.end + meter.traits.interval
    attempts = [a for a in found.attempts if span.start <= a.at < span.end]
    outcomes = [attempt.outcome for attempt in attempts]
    readings = [r for r in found.readings if span.start <= r.at < span.end]
    reasons = {reading.reason for reading in readings}
    events = {kind for at, kind in found.events if span.start <= at < until}
    checks: dict[str, Callable[[], bool]] = {
        "jitter": lambda: "jitter" in reasons,
        "zero": lambda: "rejected_glitch" in reasons,
        "all_zero": lambda: "invalid_zero" in reasons,
        "spike": lambda: "rejected_spike" in reasons,
        "no_number": lambda: "no_number" in outcomes,
        "nan": lambda: "no_number" in outcomes,
        "blank": lambda: "no_number" in outcomes,
        "refused_login": lambda: "auth" in outcomes,
        "locked_out": lambda: outcomes == ["auth", "auth"],
        "error_page": lambda: bool(_BROKEN_PAGES & set(outcomes)),
        "slow": lambda: "timeout" in outcomes,
        "cut_off": lambda: "connect" in outcomes,
        "stalled": lambda: _stands_still(readings),
        "repeated": lambda: set(outcomes) == {"ok"} and not readings,
        "wrong_clock": lambda: "clock_skew" in events,
        "fallen": lambda: "reset" in events,
        "reset": lambda: "reset" in events,
        "leap": lambda: "jump" in events,
        "changed_page": lambda: _is_read_anew(outcomes, found, span.end),
        "hours_away": lambda: _is_away(outcomes),
        "days_away": lambda: _is_away(outcomes),
        "weeks_away": lambda: _is_away(outcomes),
        "replaced": lambda: {"replacement", "rollover"} <= events,
    }
    return checks[fault.kind]()


def _stands_still(readings: Iterable[Stored]) -> bool:
    registers = [reading.register_kwh for reading in readings]
    return len(registers) > 2 and len(set(registers)) == 1


def _is_away(outcomes: list[str]) -> bool:
    return "connect" in outcomes and "ok" not in outcomes


def _is_read_anew(outcomes: list[str], found: MeterEvidence, edited: int) -> bool:
    before = [r.rule_version for r in found.readings if r.at < edited]
    after = [r.rule_version for r in found.readings if r.at >= edited]
    is_broken = bool(_BROKEN_PAGES & set(outcomes))
    return is_broken and max(before, default=0) < max(after, default=0)
