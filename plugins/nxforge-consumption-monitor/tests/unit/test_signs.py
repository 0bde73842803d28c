"""What polls show one after the other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nxforge_consumption_monitor.signs import Sight, Signs, note

_START = datetime(2025, 3, 10, tzinfo=UTC)
_GAP = timedelta(minutes=12)


def _sight(minute: float, **fields: Any) -> Sight:
    decimals = {
        key: None if value is None else Decimal(value) for key, value in fields.items()
    }
    return Sight(ts=_START + timedelta(minutes=minute), **decimals)


def _noted(*sights: Sight) -> Signs:
    signs: Signs | None = None
    for sight in sights:
        signs = note(signs, sight, _GAP)
    assert signs is not None
    return signs


def _registers(
    *registers: str, power: str | None = "6", step: str = "0.1"
) -> list[Sight]:
    sights, before = [], None
    for index, register in enumerate(registers):
        grown = None if before is None else str(Decimal(register) - Decimal(before))
        sights.append(
            _sight(
                5 * index,
                register_kwh=register,
                power_kw=power,
                grown_kwh=grown,
                resolution_kwh=step,
                power_step_kw="1",
            )
        )
        before = register
    return sights


def test_register_that_stands_still_under_load_is_frozen() -> None:
    """0.5 kWh flowed in each five minutes, and its last digit is 0.1."""
    assert _noted(*_registers("5", "5", "5", "5")).frozen_polls == 3
    assert _noted(*_registers("5", "5", "5", "5.5")).frozen_polls == 0


def test_slow_register_is_not_frozen() -> None:
    """Its last digit is 10 kWh: 1.5 kWh do not show."""
    assert _noted(*_registers("50", "50", "50", "50", step="10")).frozen_polls == 0


@pytest.mark.parametrize("power", ["0.05", "0", None])
def test_register_without_load_may_stand_still(power: str | None) -> None:
    """Then nothing flows."""
    assert _noted(*_registers("5", "5", "5", "5", power=power)).frozen_polls == 0


def _powers(*powers: str, step: str) -> Signs:
    return _noted(
        *(
            _sight(5 * index, power_kw=power, power_step_kw=step)
            for index, power in enumerate(powers)
        )
    )


def test_power_repeated_to_the_last_digit_is_frozen() -> None:
    """From four digits on; one with fewer repeats itself by itself."""
    assert _powers("1.234", "1.234", "1.234", "1.234", step="0.001").frozen_polls == 3
    assert _powers("1.234", "1.234", "1.235", "1.235", step="0.001").frozen_polls == 1
    assert _powers("1.5", "1.5", "1.5", "1.5", step="0.1").frozen_polls == 0
    assert _powers("0", "0", "0", step="0.001").frozen_polls == 0


def test_float_noise_that_repeats_is_frozen() -> None:
    """A binary fraction has sixteen digits, whatever they are worth."""
    assert _powers("1.5000000000000002", "1.5000000000000002", step="0").same_polls == 1


def test_idle_time_begins_with_the_last_consumption() -> None:
    """A register that grew, or a power above zero."""
    signs = _noted(
        _sight(0, register_kwh="5", power_kw="0"),
        _sight(5, register_kwh="6", power_kw="0", grown_kwh="1"),
        _sight(10, register_kwh="6", power_kw="0", grown_kwh="0"),
    )
    assert signs.drew_at == _START + timedelta(minutes=5)
    assert _powers("1", "0", step="1").drew_at == _START
    assert _powers("0", "1", step="1").drew_at == _START + timedelta(minutes=5)


def test_hour_compares_samples_with_the_register() -> None:
    """Thirteen samples of 6 kW, and 6 kWh in the hour."""
    signs = _noted(*_registers(*(str(Decimal("0.5") * step) for step in range(13))))
    assert signs.hour is not None
    assert signs.hour.sampled_kw == 6
    assert signs.hour.metered_kw == 6
    assert signs.hour.doubt_kw == Decimal("0.1")
    assert signs.hour.ended_at == _START + timedelta(hours=1)


def test_power_that_is_fed_in_contradicts_no_register() -> None:
    """At noon the roof delivers, and the register of consumption rests."""
    signs = _noted(*_registers(*["5"] * 13, power="-2"))
    assert signs.hour is not None
    assert (signs.hour.sampled_kw, signs.hour.metered_kw) == (0, 0)


def test_hour_with_few_samples_says_nothing() -> None:
    """Two samples of a switching load are no mean."""
    sights = [
        _sight(12 * step, register_kwh="1", power_kw="1", grown_kwh="0")
        for step in range(5)
    ]
    assert _noted(*sights, _sight(60, register_kwh="1", power_kw="1")).hour is None


@pytest.mark.parametrize(
    "interruption",
    [
        _sight(43, register_kwh="9", power_kw="6", grown_kwh="1"),
        _sight(32, register_kwh="0", power_kw="6"),
        _sight(32, register_kwh="9", grown_kwh="1"),
    ],
)
def test_hour_begins_anew_after_an_interruption(interruption: Sight) -> None:
    """A gap, a break of the register, an answer without power."""
    before = _registers(*(str(step) for step in range(7)))
    after = [
        _sight(50 + 5 * step, register_kwh="9", power_kw="6", grown_kwh="0")
        for step in range(4)
    ]
    assert _noted(*before, interruption, *after).hour is None


def test_answer_that_is_not_later_changes_nothing() -> None:
    """Two workers, one poll."""
    signs = _noted(*_registers("5", "5"))
    assert note(signs, _sight(5, register_kwh="9"), _GAP) is signs


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 5), st.integers(0, 3))))
def test_signs_survive_being_stored(steps: list[tuple[int, int, int]]) -> None:
    """Kept as JSON between any two polls, they are what they would have been."""
    minute, register = 0, 0
    kept: Signs | None = None
    straight: Signs | None = None
    for pause, power, grown in steps:
        minute, register = minute + pause, register + grown
        sight = _sight(minute, register_kwh=register, power_kw=power, grown_kwh=grown)
        straight = note(straight, sight, _GAP)
        kept = note(kept, sight, _GAP)
        kept = msgspec.json.decode(msgspec.json.encode(kept), type=Signs)
    assert kept == straight
