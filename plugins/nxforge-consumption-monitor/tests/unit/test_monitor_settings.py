"""Settings of the plugin that no type alone can judge."""

from __future__ import annotations

import pytest

from nxforge_consumption_monitor.collect._turns import Room
from nxforge_consumption_monitor.fetch import Pages
from nxforge_consumption_monitor.settings import MonitorSettings


@pytest.mark.parametrize(
    "name", ["Mars/Olympus", "../../etc/passwd", "Asia", "", "a\0"]
)
def test_unknown_time_zone_is_refused_with_its_name(name: str) -> None:
    """A zone that does not exist ends the plugin's start, not each of its answers."""
    with pytest.raises(ValueError, match="time_zone is") as caught:
        MonitorSettings(time_zone=name)
    assert repr(name) in str(caught.value)


def test_known_time_zone_is_taken() -> None:
    """Any IANA name is good, odd offsets included."""
    assert MonitorSettings(time_zone="Asia/Kathmandu").time_zone == "Asia/Kathmandu"


async def test_places_follow_the_settings_between_rounds() -> None:
    """A changed concurrency counts from the next poll on; no restart is needed."""
    room = Room(2, Pages())
    await room.places.acquire()
    before = room.places
    room.fit(2)
    same = room.places
    room.fit(1)
    await room.places.acquire()

    assert same is before
    assert room.places.locked()
    assert not before.locked()
