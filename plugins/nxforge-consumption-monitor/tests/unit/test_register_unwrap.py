"""The unwrapping of registers: worked examples, breaks, and what must always hold."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nxforge_consumption_monitor.register import (
    Course,
    Event,
    LimitError,
    Limits,
    MeterEvent,
    NaiveInstantError,
    Point,
    Reading,
    RegisterState,
    Revision,
    step,
    unwrap,
)

SHARED = Path(__file__).parents[5] / "shared"
CASES = json.loads((SHARED / "golden/vectors.json").read_text())["unwrap"]
FIELDS = {
    "max_kw": "max_kw",
    "multiplier": "multiplier",
    "modulus": "modulus_kwh",
    "resolution": "resolution_kwh",
    "policy": "reset_policy",
}
NOON = datetime(2025, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def limits_of(config: dict[str, str]) -> Limits:
    """The limits of a worked example."""
    return msgspec.convert(
        {FIELDS[name]: value for name, value in config.items()}, Limits, strict=False
    )


def hourly(*registers: str | Decimal) -> list[Reading]:
    """Readings one hour apart."""
    return [
        Reading(ts=NOON + HOUR * n, register_kwh=Decimal(value))
        for n, value in enumerate(registers)
    ]


def labels(course: Course) -> list[str]:
    """The final labels in order."""
    return [judged.label for judged in course.judged]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_unwrap_equals_the_worked_example(case: dict[str, Any]) -> None:
    """Energy, labels and events of every worked example are met exactly."""
    readings = [
        Reading(ts=datetime.fromisoformat(ts), register_kwh=Decimal(value))
        for ts, value in case["readings"]
    ]
    course = unwrap(readings, limits_of(case["config"]))
    expected = case["expected"]
    assert course.energy_kwh == Decimal(expected["energy_kwh"])
    assert labels(course) == expected["labels"]
    assert [event.type for event in course.events] == expected["events"]


def _market_rows() -> list[dict[str, str]]:
    with (SHARED / "fixtures/data/aemo_nem13_register_reads.csv").open() as file:
        rows = list(csv.DictReader(file))
    return [row for row in rows if row["class"] in {"normal", "rollover"}]


@pytest.mark.parametrize(
    "row",
    [row for row in _market_rows() if row["direction"] == "E"],
    ids=lambda row: f"{row['nmi']}-{row['start_ts']}-{row['class']}",
)
def test_unwrap_equals_the_billed_quantity(row: dict[str, str]) -> None:
    """The market operator's quantity comes out, after a person's word where needed."""
    limits = Limits(
        max_kw=Decimal(20),
        modulus_kwh=Decimal(10) ** int(row["digits"]),
        resolution_kwh=Decimal(1),
    )
    start, end = (
        Reading(
            ts=datetime.strptime(row[f"{side}_ts"], "%Y%m%d%H%M%S").replace(tzinfo=UTC),
            register_kwh=Decimal(row[f"{side}_register_text"]),
        )
        for side in ("start", "end")
    )
    course = unwrap([start, end], limits)
    if row["nmi"] == "NEM1318141":
        assert labels(course) == ["first", "suspect_low"]
        word = MeterEvent(
            ts=end.ts, old_kwh=limits.modulus_kwh, new_kwh=Decimal(0), limits=None
        )
        course = unwrap([start, end], limits, events=[word])
    assert course.energy_kwh == Decimal(row["quantity"])


def test_unwrap_gives_two_segments_when_a_meter_is_replaced() -> None:
    """C19: final and initial register of a replacement count 1.6 + 0.7 kWh."""
    readings = [
        Reading(ts=NOON, register_kwh=Decimal("48211.4")),
        Reading(ts=NOON + HOUR, register_kwh=Decimal("0.9")),
    ]
    swap = MeterEvent(
        ts=NOON + HOUR / 2, old_kwh=Decimal("48213.0"), new_kwh=Decimal("0.2")
    )
    course = unwrap(readings, Limits(), events=[swap])
    assert course.energy_kwh == Decimal("2.3")
    assert course.points == (
        Point(NOON, Decimal("48211.4")),
        Point(NOON + HOUR / 2, Decimal("48213.0"), "manual"),
        Point(NOON + HOUR, Decimal("48213.7")),
    )


def test_unwrap_adds_nothing_when_the_replaced_registers_are_unknown() -> None:
    """An unmeasured interval has no energy of its own, and the total goes on."""
    swap = MeterEvent(ts=NOON + HOUR / 2, old_kwh=None, new_kwh=None)
    course = unwrap(hourly("500", "3", "4"), Limits(), events=[swap])
    assert labels(course) == ["first", "first", "ok"]
    assert course.energy_kwh == 1
    assert course.state.total == 501


def test_unwrap_rejects_a_waiting_reading_when_an_event_explains_the_break() -> None:
    """What waited before a replacement is no reading of either meter."""
    swap = MeterEvent(
        ts=NOON + 1.5 * HOUR, old_kwh=Decimal(501), new_kwh=Decimal(70000)
    )
    course = unwrap(hourly("500", "0", "70001"), Limits(), events=[swap])
    assert labels(course) == ["first", "rejected_glitch", "ok"]
    assert course.energy_kwh == 2


def test_unwrap_judges_by_the_limits_of_the_new_meter_after_an_event() -> None:
    """A replacement may bring another transformer ratio."""
    swap = MeterEvent(
        ts=NOON + HOUR / 2,
        old_kwh=Decimal(101),
        new_kwh=Decimal(0),
        limits=Limits(multiplier=Decimal(40)),
    )
    course = unwrap(hourly("100", "0.5"), Limits(), events=[swap])
    assert course.energy_kwh == 1 + 20


@pytest.mark.parametrize(
    "reading",
    [
        Reading(ts=NOON + HOUR, register_kwh=Decimal(101), valid=False),
        Reading(ts=NOON + HOUR, register_kwh=Decimal("NaN")),
        Reading(
            ts=NOON + HOUR,
            register_kwh=Decimal(0),
            power_kw=Decimal(0),
            voltage_v=Decimal(0),
        ),
    ],
    ids=["said-invalid", "not-a-number", "all-zero"],
)
def test_step_rejects_an_answer_without_a_reading(reading: Reading) -> None:
    """Unknown is not zero: such an answer changes nothing."""
    state = unwrap(hourly("100"), Limits()).state
    outcome = step(state, reading, Limits())
    assert (outcome.label, outcome.quality) == ("invalid_zero", "rejected")
    assert outcome.state == state


def test_step_takes_zeros_when_the_register_has_not_counted_yet() -> None:
    """A new meter without load says zero everywhere and means it."""
    blank = Reading(
        ts=NOON, register_kwh=Decimal(0), power_kw=Decimal(0), voltage_v=Decimal(0)
    )
    assert step(RegisterState(), blank, Limits()).label == "first"


@pytest.mark.parametrize("back", [timedelta(), HOUR])
def test_step_changes_nothing_when_the_reading_is_not_later(back: timedelta) -> None:
    """A late or repeated reading is left to a restatement."""
    state = unwrap(hourly("100", "101"), Limits()).state
    late = Reading(ts=NOON + HOUR - back, register_kwh=Decimal(102))
    outcome = step(state, late, Limits())
    assert (outcome.label, outcome.quality) == ("out_of_order", "rejected")
    assert outcome.state == state


def test_step_keeps_the_high_water_mark_when_the_register_jitters() -> None:
    """A step back by one digit is not counted again on the way up."""
    course = unwrap(hourly("16.007", "16.006", "16.007", "16.008"), Limits())
    assert labels(course) == ["first", "jitter", "ok", "ok"]
    assert course.energy_kwh == Decimal("0.001")


def test_step_scales_modulus_and_resolution_with_the_transformer_ratio() -> None:
    """A register behind a transformer wraps and jitters in device units."""
    limits = Limits(
        max_kw=Decimal(2000),
        multiplier=Decimal(40),
        modulus_kwh=Decimal(100000),
        resolution_kwh=Decimal(1),
    )
    course = unwrap(hourly("99990", "99988", "12"), limits)
    assert labels(course) == ["first", "jitter", "rollover"]
    assert course.energy_kwh == 22 * 40


def test_step_names_the_registers_of_a_rollover() -> None:
    """The proposal says where the old count ended and the new one began."""
    course = unwrap(hourly("99990", "12"), Limits(modulus_kwh=Decimal(100000)))
    assert course.events == (
        Event("rollover", NOON + HOUR, Decimal(100000), Decimal(0)),
    )


def test_step_counts_no_rollover_when_the_modulus_is_too_small() -> None:
    """A register beyond its modulus has the wrong modulus."""
    limits = Limits(modulus_kwh=Decimal(1000))
    assert labels(unwrap(hourly("1500", "12"), limits)) == ["first", "suspect_low"]


def test_step_rejects_a_spike_that_is_followed_by_another_one() -> None:
    """Two spikes of different height do not confirm each other."""
    course = unwrap(hourly("500", "80000", "9000", "501"), Limits())
    assert labels(course) == ["first", "rejected_spike", "rejected_spike", "ok"]
    assert course.energy_kwh == 1


def test_step_rejects_a_stuck_frame_when_the_register_comes_back() -> None:
    """An equal high value confirms nothing."""
    course = unwrap(hourly("500", "65535", "65535", "501"), Limits())
    assert labels(course) == ["first", "rejected_spike", "rejected_spike", "ok"]
    assert course.energy_kwh == 1


def test_step_rejects_a_low_reading_that_a_higher_low_one_cannot_follow() -> None:
    """A larger low reading confirms only what a meter can reach in that time."""
    course = unwrap(hourly("1000", "0", "500", "501"), Limits())
    assert labels(course) == ["first", "rejected_glitch", "reset", "ok"]
    assert course.energy_kwh == 1


def test_step_rejects_a_spike_when_the_register_falls_after_it() -> None:
    """Only one reading waits: what comes after it on the other side replaces it."""
    course = unwrap(hourly("500", "80000", "3", "4"), Limits())
    assert labels(course) == ["first", "rejected_spike", "reset", "ok"]
    assert course.energy_kwh == 4


def test_register_that_lost_a_little_has_not_counted_it_all_anew() -> None:
    """After weeks out of reach 4997 kWh are possible, but not what was used."""
    weeks = [("5000", 0), ("4997", 400), ("4999", 401)]
    readings = [
        Reading(ts=NOON + HOUR * hours, register_kwh=Decimal(register))
        for register, hours in weeks
    ]
    course = unwrap(readings, Limits())
    assert (labels(course), course.energy_kwh) == (["first", "reset", "ok"], 2)
    [event] = course.events
    assert (event.old_kwh, event.new_kwh) == (5000, 4997)


def test_step_asks_once_and_waits_when_the_policy_is_ask() -> None:
    """A confirmed reset is proposed once, and counted when a person says so."""
    limits = Limits(reset_policy="ask")
    readings = hourly("140", "3", "5", "9")
    waiting = unwrap(readings, limits)
    assert labels(waiting) == ["first", "suspect_low", "suspect_low", "suspect_low"]
    assert waiting.energy_kwh == 0
    assert waiting.events == (Event("reset", NOON + HOUR, Decimal(140), Decimal(0)),)
    told = unwrap(readings, limits, events=confirmed(waiting.events))
    assert labels(told) == ["first", "ok", "ok", "ok"]
    assert told.energy_kwh == 9


def test_step_measures_a_confirmation_from_the_latest_repetition() -> None:
    """What stood still an hour ago has not been counting for two."""
    stuck = hourly("1000", "0", "0", "70")
    course = unwrap(stuck, Limits())
    assert labels(course) == [
        "first",
        "rejected_glitch",
        "rejected_glitch",
        "suspect_low",
    ]


def test_step_rejects_all_that_waits_for_a_person_when_the_register_returns() -> None:
    """A register that is back where it was had not been reset."""
    course = unwrap(hourly("140", "3", "5", "141"), Limits(reset_policy="ask"))
    assert labels(course) == ["first", "rejected_glitch", "rejected_glitch", "ok"]
    assert course.energy_kwh == 1


def test_step_points_reach_back_when_a_reset_is_confirmed() -> None:
    """The reading that waited is part of the total, at its own instant."""
    state = unwrap(hourly("140", "3"), Limits()).state
    outcome = step(state, hourly("140", "3", "5")[2], Limits())
    assert outcome.points == (
        Point(NOON + HOUR, Decimal(143)),
        Point(NOON + 2 * HOUR, Decimal(145)),
    )
    assert outcome.revisions == (Revision(NOON + HOUR, NOON + HOUR, "reset"),)
    assert outcome.revisions[0].quality == "measured"


def test_judged_readings_carry_their_total_and_quality() -> None:
    """A waiting reading gets both by hindsight; a rejected one has no total."""
    course = unwrap(hourly("140", "0", "141", "3", "5", "0"), Limits())
    assert [(judged.quality, judged.total_kwh) for judged in course.judged] == [
        ("measured", Decimal(140)),
        ("rejected", None),
        ("measured", Decimal(141)),
        ("measured", Decimal(144)),
        ("measured", Decimal(146)),
        ("suspect", None),
    ]


def test_state_survives_storage_as_json() -> None:
    """Digits and instants come back as they were."""
    state = unwrap(hourly("140.0000001", "3.10"), Limits()).state
    assert msgspec.json.decode(msgspec.json.encode(state), type=RegisterState) == state


@pytest.mark.parametrize("field", ["max_kw", "multiplier", "modulus_kwh"])
def test_limits_refuse_a_number_that_is_not_positive(field: str) -> None:
    """Zero load, ratio or modulus would make every reading impossible."""
    with pytest.raises(LimitError, match=f"{field} is Decimal.'0'") as caught:
        msgspec.structs.replace(Limits(), **{field: Decimal(0)})
    assert caught.value.remedy == "give a number above 0"


def test_limits_refuse_a_negative_resolution() -> None:
    """A digit is worth something, or its worth is not known: 0."""
    with pytest.raises(LimitError, match="resolution_kwh"):
        Limits(resolution_kwh=Decimal(-1))


def test_reading_refuses_an_instant_without_offset() -> None:
    """A wall clock time could be any hour of the day."""
    with pytest.raises(NaiveInstantError, match="2025-06-01T12:00:00"):
        Reading(ts=NOON.replace(tzinfo=None), register_kwh=Decimal(1))


def confirmed(events: Sequence[Event]) -> list[MeterEvent]:
    """The word of a person who agrees with every proposal."""
    return [
        MeterEvent(ts=event.ts, old_kwh=event.old_kwh, new_kwh=event.new_kwh)
        for event in events
    ]


REGISTERS = st.one_of(
    st.integers(0, 60).map(Decimal),
    st.integers(99_900, 100_100).map(Decimal),
    st.decimals(0, 1000, places=3),
    st.decimals(0, 2_000_000, places=2),
    st.sampled_from([Decimal(0), Decimal(0), Decimal(65535), Decimal(-5)]),
)
SERIES = st.lists(
    st.tuples(REGISTERS, st.sampled_from([5, 15, 60, 60, 600, 40_000])), max_size=25
)
LIMITS = st.builds(
    Limits,
    max_kw=st.sampled_from([Decimal(3), Decimal(50), Decimal(4000)]),
    modulus_kwh=st.sampled_from([None, Decimal(1000), Decimal(100_000)]),
    resolution_kwh=st.sampled_from([Decimal("0.001"), Decimal("0.1"), Decimal(1)]),
    reset_policy=st.sampled_from(["from_zero", "rebase", "ask"]),
)


def spaced(
    series: list[tuple[Decimal, int]], times: Decimal | int = 1
) -> list[Reading]:
    """Readings, each the given minutes after the one before."""
    ts, readings = NOON, []
    for register, minutes in series:
        ts += timedelta(minutes=minutes)
        readings.append(Reading(ts=ts, register_kwh=register * times))
    return readings


@given(SERIES, LIMITS)
def test_total_never_falls_whatever_comes(
    series: list[tuple[Decimal, int]], limits: Limits
) -> None:
    """Neither from step to step nor from point to point."""
    course = unwrap(spaced(series), limits)
    totals = [point.total_kwh for point in course.points]
    instants = [point.ts for point in course.points]
    assert totals == sorted(totals)
    assert instants == sorted(set(instants))
    assert not totals or course.energy_kwh == course.state.total - totals[0]


@given(SERIES, LIMITS)
def test_step_tells_what_became_of_the_waiting_reading(
    series: list[tuple[Decimal, int]], limits: Limits
) -> None:
    """A waiting reading waits on, or a revision names its instant."""
    state = RegisterState()
    for reading in spaced(series):
        outcome = step(state, reading, limits)
        waited, waits = state.pending_t, outcome.state.pending_t
        revised = [revision.since for revision in outcome.revisions]
        assert revised == ([] if waited is None or waited == waits else [waited])
        assert outcome.energy_kwh == outcome.state.total - state.total or (
            outcome.label == "first"
        )
        assert (outcome.quality == "suspect") == (waits is not None)
        state = outcome.state


@given(SERIES, LIMITS, st.sampled_from([Decimal(2), Decimal(40), Decimal("1.5")]))
def test_energy_scales_with_the_registers(
    series: list[tuple[Decimal, int]], limits: Limits, times: Decimal
) -> None:
    """Registers, load, modulus and resolution times k give energies times k."""
    modulus = limits.modulus_kwh
    scaled = msgspec.structs.replace(
        limits,
        max_kw=limits.max_kw * times,
        modulus_kwh=None if modulus is None else modulus * times,
        resolution_kwh=limits.resolution_kwh * times,
    )
    plain = unwrap(spaced(series), limits)
    larger = unwrap(spaced(series, times), scaled)
    assert labels(larger) == labels(plain)
    assert larger.energy_kwh == plain.energy_kwh * times


@given(SERIES, LIMITS, st.sampled_from([Decimal(2), Decimal(40), Decimal("1.5")]))
def test_multiplier_equals_larger_registers(
    series: list[tuple[Decimal, int]], limits: Limits, times: Decimal
) -> None:
    """A transformer ratio k is the same as registers k times as large."""
    behind = msgspec.structs.replace(
        limits, max_kw=limits.max_kw * times, multiplier=times
    )
    assert unwrap(spaced(series), behind).energy_kwh == (
        unwrap(spaced(series), limits).energy_kwh * times
    )


@given(SERIES, LIMITS, st.randoms())
def test_order_of_insertion_does_not_matter(
    series: list[tuple[Decimal, int]], limits: Limits, random: Any
) -> None:
    """Readings are judged by their instants, not by when they came in."""
    readings = spaced(series)
    shuffled = random.sample(readings, len(readings))
    assert unwrap(shuffled, limits) == unwrap(readings, limits)


@given(SERIES, LIMITS, st.integers(0, 25))
def test_chunks_give_the_same_points_as_the_whole(
    series: list[tuple[Decimal, int]], limits: Limits, cut: int
) -> None:
    """What a state remembers is all that a later reading needs."""
    readings = spaced(series)
    whole = unwrap(readings, limits)
    early = unwrap(readings[:cut], limits)
    late = unwrap(readings[cut:], limits, state=early.state)
    assert early.points + late.points == whole.points
    assert early.events + late.events == whole.events
    assert late.state == whole.state


@given(SERIES, LIMITS.filter(lambda limits: limits.reset_policy != "ask"))
def test_confirming_all_proposals_changes_no_energy(
    series: list[tuple[Decimal, int]], limits: Limits
) -> None:
    """A proposal is counted as it would be if a person had entered it."""
    readings = spaced(series)
    course = unwrap(readings, limits)
    told = unwrap(readings, limits, events=confirmed(course.events))
    assert told.energy_kwh == course.energy_kwh
    assert not told.events


@given(SERIES, LIMITS)
def test_restating_from_any_good_reading_changes_nothing(
    series: list[tuple[Decimal, int]], limits: Limits
) -> None:
    """Register, instant and total of a plain good reading are state enough."""
    readings = spaced(series)
    whole = unwrap(readings, limits)
    for index, judged in enumerate(whole.judged):
        if judged.label in {"first", "ok", "rollover"} and judged.total_kwh is not None:
            good = judged.reading
            state = RegisterState(
                v0=good.register_kwh, t0=good.ts, total=judged.total_kwh
            )
            rest = unwrap(readings[index + 1 :], limits, state=state)
            assert rest.state == whole.state
