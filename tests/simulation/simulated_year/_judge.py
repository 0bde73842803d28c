"""Compares what the plugin reports with what the simulator counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from simulator import Known, Meter, Observer, Seen, World

from nxforge_consumption_monitor.models import MonthlyReport

from ._evidence import MeterEvidence

__all__ = ["Finding", "judge", "late", "observer_of", "unexplained"]

#: Faults that show in the outcome of a poll.
_OUTCOMES = {
    "no_number": {"no_number"},
    "nan": {"no_number"},
    "blank": {"no_number"},
    "refused_login": {"auth"},
    "locked_out": {"auth"},
    "error_page": {"decode", "selector_missing", "unexpected_content"},
    "slow": {"timeout"},
    "cut_off": {"connect"},
    "changed_page": {"decode", "selector_missing", "unexpected_content"},
    "hours_away": {"connect"},
    "days_away": {"connect"},
    "weeks_away": {"connect"},
}


@dataclass(frozen=True)
class Finding:
    """A figure that is not what it has to be."""

    meter: int
    month: str
    figure: str
    expected: object
    got: object

    def __str__(self) -> str:
        return (
            f"meter {self.meter}, {self.month}, {self.figure}: "
            f"expected {self.expected}, got {self.got}"
        )


def observer_of(meter: Meter, found: MeterEvidence) -> Observer:
    """What can be known by the answers that were stored."""
    return Observer(
        meter,
        [Seen(a.at, a.stamped) for a in found.attempts if a.outcome == "ok"],
    )


def unexplained(
    meter: Meter, found: MeterEvidence, kills: Sequence[int]
) -> Iterator[str]:
    """Polls whose outcome is not what the meter answered.

    A lost one is explained by a kill of the host within its slot, and by nothing else.
    """
    for attempt in found.attempts:
        possible = _possible(meter, attempt.at)
        slot_end = attempt.at + meter.traits.interval
        if any(attempt.at <= kill < slot_end for kill in kills):
            possible |= {"lost"}
        if attempt.outcome not in possible:
            instant = datetime.fromtimestamp(attempt.at, UTC)
            wanted = " or ".join(sorted(possible))
            yield (
                f"meter {meter.number}, {instant:%Y-%m-%d %H:%M}, outcome of a poll: "
                f"expected {wanted}, got {attempt.outcome}"
            )


def _possible(meter: Meter, at: int) -> set[str]:
    # A busy machine may be late, and then says so: `late` counts how often.
    return _OUTCOMES.get(meter.fault_at(at), {"ok"}) | {"timeout"}


def late(meter: Meter, found: MeterEvidence) -> int:
    """Polls that came to nothing because the machine was busy."""
    return sum(
        a.outcome == "timeout" and meter.fault_at(a.at) != "slow"
        for a in found.attempts
    )


def judge(
    world: World, meter: Meter, observer: Observer, reports: dict[str, MonthlyReport]
) -> Iterator[Finding]:
    """Compare the reports of a meter with what can be known, to the last digit."""
    for month in world.months(meter):
        known = observer.known(month.start, month.end)
        report = reports[str(month)]
        for figure, expected, got in _figures(known, report):
            if expected != got:
                yield Finding(meter.number, str(month), figure, expected, got)
        digits = abs(observer.unaccounted(month.start, month.end))
        # A digit at both ends, and one on both sides of each break.
        if digits > 2 + 2 * known.breaks:
            yield Finding(
                meter.number, str(month), "digits beyond the joules", 0, float(digits)
            )


def _figures(
    known: Known, report: MonthlyReport
) -> Iterator[tuple[str, object, object]]:
    line = report.lines[0]
    yield "energy", known.kwh, line.energy_kwh
    yield "breaks", known.breaks, line.events
    if known.kwh is not None:
        yield "start", known.start, line.start_quality
        yield "end", known.end, line.end_quality
        used = (line.end_register or Decimal(0)) - (line.start_register or Decimal(0))
        yield "difference of registers", known.kwh, used
