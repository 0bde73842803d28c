"""What the temperature monitor accepts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nxforge_core.api import InvalidInputError
from nxforge_temperature_monitor.models import NewReading, NewSensor
from nxforge_temperature_monitor.settings import TemperatureSettings


@given(st.decimals("-273.15", "999", places=3))
def test_every_possible_temperature_is_accepted(celsius: Decimal) -> None:
    """From absolute zero to what no probe survives, to the last digit."""
    reading = msgspec.json.decode(
        b'{"sensor": "room", "celsius": %s}' % str(celsius).encode(), type=NewReading
    )

    reading.check()

    assert reading.celsius == celsius


@pytest.mark.parametrize("celsius", ["-273.16", "999.1", "NaN", "Infinity"])
def test_impossible_temperature_is_refused_with_its_value(celsius: str) -> None:
    """The error names the field and the value."""
    reading = NewReading(sensor="room", celsius=Decimal(celsius))

    with pytest.raises(InvalidInputError, match=f"celsius is '{celsius}'"):
        reading.check()


def test_unknown_member_is_refused() -> None:
    """A misspelt member is an error, not a default."""
    with pytest.raises(msgspec.ValidationError, match="unknown field `sensr`"):
        msgspec.json.decode(
            b'{"sensor": "a", "celsius": 1, "sensr": "b"}', type=NewReading
        )


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"low": Decimal(20), "high": Decimal("20.5")}, "high"),
        ({"high": Decimal(2000)}, "high"),
        ({"hysteresis": Decimal(-1)}, "hysteresis"),
        ({"hysteresis": Decimal("NaN")}, "hysteresis"),
        ({"url": "file:///etc/passwd", "place": "x"}, "url"),
        ({"url": "http://", "place": "x"}, "url"),
        ({"url": "http://me:secret@sensor/", "place": "x"}, "url"),
        ({"url": "http://sensor/"}, "place"),
    ],
)
def test_sensor_that_cannot_work_is_refused(facts: dict[str, Any], field: str) -> None:
    """The error names the member that is wrong."""
    with pytest.raises(InvalidInputError, match=f"{field} is"):
        NewSensor(name="room", **facts).check()


def test_unknown_zone_is_refused() -> None:
    """A setting that no clock knows names the value."""
    with pytest.raises(msgspec.ValidationError, match="Mars/Base"):
        msgspec.convert({"time_zone": "Mars/Base"}, TemperatureSettings)
