"""Hours of a week: means over weeks, of the meters together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from nxforge_consumption_monitor.models import EndpointSeries, EnergySeries
from nxforge_consumption_monitor.pages._history_weeks import hours_of, means_of

_MONDAY = datetime(2025, 3, 3, tzinfo=UTC)


def _meter(energies: dict[datetime, int | None]) -> EndpointSeries:
    known = [None if kwh is None else Decimal(kwh) for kwh in energies.values()]
    return EndpointSeries(
        endpoint_id="a",
        endpoint_name="a",
        channel="total",
        tz="Europe/Berlin",
        power=None,
        energy=EnergySeries(
            grain="hour",
            start=list(energies),
            end=[at + timedelta(hours=1) for at in energies],
            kwh=known,
            estimated_kwh=[Decimal(0)] * len(known),
            coverage=[Decimal(1)] * len(known),
            quality=["measured"] * len(known),
            known_kwh=Decimal(0),
        ),
        gaps=[],
    )


def test_same_hours_of_several_weeks_are_one_mean() -> None:
    """1 kWh and 3 kWh are 2, by the clock of the site."""
    week = timedelta(days=7)
    hours = hours_of([_meter({_MONDAY: 1, _MONDAY + week: 3})])
    assert means_of(hours, ZoneInfo("Europe/Berlin")) == {(0, 1): Decimal(2)}


def test_hour_that_is_not_known_of_every_meter_does_not_count() -> None:
    """The sum of some meters is no sum of all."""
    later = _MONDAY + timedelta(hours=1)
    both = [_meter({_MONDAY: 1, later: 5}), _meter({_MONDAY: 2, later: None})]
    assert hours_of(both) == {_MONDAY: Decimal(3)}
