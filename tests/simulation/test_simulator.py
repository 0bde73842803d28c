"""The opponent itself: exact, repeatable, and not satisfied by silence."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from simulated_year import MeterEvidence, judge, missing
from simulator import KINDS, OF_CLOCKS, Observer, Seen, World, WorldSpec, page

_BEGIN = int(datetime(2025, 3, 5, tzinfo=UTC).timestamp())
_SPEC = WorldSpec(5, _BEGIN, 40, 1, 4, (7200,), 4)


def test_same_seed_makes_the_same_world() -> None:
    """A failure can be lived through again."""
    one, two = World(_SPEC), World(_SPEC)
    for first, second in zip(one.meters, two.meters, strict=True):
        assert first.faults == second.faults
        for at in range(_BEGIN, _SPEC.end, 7777):
            assert first.answer(at) == second.answer(at)


def test_each_meter_has_each_fault_in_each_quarter() -> None:
    """But for those of clocks, where there is none."""
    for meter in World(_SPEC).meters:
        kinds = {fault.kind for fault in meter.faults} | {"rollover"}
        spared = set() if meter.traits.has_clock else OF_CLOCKS
        assert kinds == set(KINDS) - spared


def test_faults_without_a_trace_are_all_named() -> None:
    """An empty database is no proof that anything was survived."""
    for meter in World(_SPEC).meters:
        lines = missing(meter, MeterEvidence(), 1)
        for fault in meter.faults:
            assert any(f"{fault.kind} did not land" in line for line in lines)


def test_joules_of_parts_are_those_of_the_whole() -> None:
    """Whole watts in whole seconds: nothing is rounded."""
    load = World(_SPEC).meters[0].load
    cuts = range(_BEGIN, _SPEC.end, 12_345)
    parts = [load.joules(b) - load.joules(a) for a, b in pairwise(cuts)]
    assert sum(parts) == load.joules(cuts[-1]) - load.joules(cuts[0])
    assert min(parts) >= 0
    assert load.joules(_BEGIN + 60) == 60 * load.watts(_BEGIN)


def test_register_counts_what_is_used() -> None:
    """Cut to the last digit, whatever its unit is on the page."""
    meter = World(_SPEC).meters[0]
    [first, *_] = meter.parts
    at = _BEGIN + 9 * 3600
    used = meter.load.joules(at) // 3600 // meter.traits.multiplier
    exact = first.initial + used
    assert 0 <= exact - meter.shown(at) < 10 * meter.traits.resolution
    assert page(meter.traits, meter.answer(at)).status == 200


@pytest.mark.parametrize(
    ("energy", "figures"), [("0", []), ("0.000001", ["energy"]), ("-1", ["energy"])]
)
def test_a_wrong_digit_is_found(energy: str, figures: list[str]) -> None:
    """The sixth decimal of a month is enough to fail."""
    world = World(_SPEC)
    meter = world.meters[1]
    ticks = range(_BEGIN, _SPEC.end, 7200)
    seen = [Seen(at, at) for at in ticks if not meter.fault_at(at)]
    observer = Observer(meter, seen)
    reports: Any = {}
    for month in world.months(meter):
        known = observer.known(month.start, month.end)
        assert known.kwh is not None
        line = SimpleNamespace(
            energy_kwh=known.kwh + Decimal(energy),
            events=known.breaks,
            start_quality=known.start,
            end_quality=known.end,
            start_register=Decimal(0),
            end_register=known.kwh,
        )
        reports[str(month)] = SimpleNamespace(lines=[line])
    found = list(judge(world, meter, observer, reports))
    assert [each.figure for each in found] == figures * len(reports)
