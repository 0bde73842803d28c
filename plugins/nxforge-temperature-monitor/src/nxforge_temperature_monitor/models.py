"""What goes over the wire."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Final
from urllib.parse import urlsplit

from msgspec import Meta

from nxforge_core.api import Body, InvalidInputError, Model
from nxforge_temperature_monitor.extract import Kind, Unit
from nxforge_temperature_monitor.thresholds import Limits, State

__all__ = [
    "Alert",
    "NewReading",
    "NewSensor",
    "Reading",
    "RollupView",
    "Sensor",
    "SensorBody",
    "Stored",
    "check_celsius",
]

#: Absolute zero, and more than any probe in a rack survives.
_RANGE: Final = (Decimal("-273.15"), Decimal(999))
_Name = Annotated[str, Meta(min_length=1, max_length=100)]


class NewReading(Body):
    """A temperature to store; without `ts` it counts as measured now."""

    sensor: _Name
    celsius: Decimal
    ts: Annotated[datetime, Meta(tz=True)] | None = None

    def check(self) -> None:
        """Refuse what no sensor can mean.

        Raises:
            InvalidInputError: the temperature is out of range.
        """
        check_celsius("celsius", self.celsius)


class Reading(Model):
    """A stored temperature."""

    sensor: str
    ts: datetime
    celsius: Decimal


class Stored(Model):
    """Whether a reading was new."""

    stored: bool


class SensorBody(Body):
    """How a sensor is read and what it may measure.

    Attributes:
        url: Where it answers; None for one that sends by itself.
        place: Where its answer has the temperature: `sensors[0].value` in JSON, a CSS
            selector in HTML.
        low: Alert at it and below it.
        high: Alert at it and above it.
        hysteresis: How far it has to come back before the alert is over.
    """

    url: Annotated[str, Meta(max_length=2000)] | None = None
    kind: Kind = "json"
    place: Annotated[str, Meta(max_length=500)] = ""
    unit: Unit = "C"
    interval_s: Annotated[int, Meta(ge=10, le=86_400)] = 60
    enabled: bool = True
    low: Decimal | None = None
    high: Decimal | None = None
    hysteresis: Decimal = Decimal("0.5")

    def check(self) -> None:
        """Refuse what cannot be read or compared.

        Raises:
            InvalidInputError: names the member.
        """
        for name in ("low", "high"):
            if (value := getattr(self, name)) is not None:
                check_celsius(name, value)
        back = self.hysteresis
        if not back.is_finite() or not 0 <= back <= _RANGE[1]:
            _refuse("hysteresis", str(back), "give degrees, 0 or more")
        if not Limits(self.low, self.high, back).fit:
            remedy = "give a high threshold above the low one and the hysteresis"
            _refuse("high", str(self.high), remedy)
        if self.url is not None:
            self._check_rule(self.url)

    def _check_rule(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            _refuse("url", url, "give an address that begins with http:// or https://")
        if parts.username is not None:
            # Whoever sees sensors would see it, and so would this error's log.
            _refuse("url", "(hidden)", "leave name and password out of the address")
        if not self.place:
            _refuse("place", "", "say where the answer has the temperature")


class NewSensor(SensorBody, kw_only=True):
    """A sensor to add."""

    name: _Name


class Sensor(Model):
    """A sensor and how it is.

    Attributes:
        state: `low` and `high` are beyond a threshold.
        read_at: When it answered last; of one that sends by itself never.
        failures: Polls that failed since.
        error: Why the last one did.
        ts: When the newest reading was measured.
    """

    name: str
    url: str | None
    kind: Kind
    place: str
    unit: Unit
    interval_s: int
    enabled: bool
    low: Decimal | None
    high: Decimal | None
    hysteresis: Decimal
    state: State
    next_at: datetime
    read_at: datetime | None
    failures: int
    error: str | None
    ts: datetime | None
    celsius: Decimal | None


class RollupView(Model):
    """Minimum, maximum and mean of a time.

    Attributes:
        count: Of how many readings.
    """

    sensor: str
    start: datetime
    low: Decimal
    high: Decimal
    mean: Decimal
    count: int


class Alert(Model):
    """A sensor beyond a threshold; open until `ended_at`."""

    id: int
    sensor: str
    kind: State
    threshold: Decimal
    worst: Decimal
    began_at: datetime
    ended_at: datetime | None


def check_celsius(field: str, value: Decimal) -> None:
    """Refuse what no sensor can mean.

    Raises:
        InvalidInputError: the temperature is out of range.
    """
    low, high = _RANGE
    if value.is_nan() or not low <= value <= high:
        _refuse(field, str(value), f"give degrees Celsius between {low} and {high}")


def _refuse(field: str, value: str, remedy: str) -> None:
    raise InvalidInputError(field=field, value=value, remedy=remedy)
