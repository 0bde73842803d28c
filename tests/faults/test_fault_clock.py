"""F23: the clock of a host jumps, while the database's goes on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import pytest
from hosts import Installation, until
from matrix import Fault
from strain import Ticker, on_own_server

#: Jumps one after another: what the host's clock then is ahead, in seconds.
JUMPS = (3600, 3570, -30)
LIBRARIES = ("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu")


class FalseClock:
    """libfaketime, by a file that says how much a process is ahead."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "ahead"
        self.set(0)
        name = "faketime/libfaketimeMT.so.1"
        found = [path for path in LIBRARIES if (Path(path) / name).exists()]
        assert found, "apt-get install faketime"
        self._library = str(Path(found[0]) / name)

    def set(self, seconds: int) -> None:
        """Jump."""
        self._file.write_text(f"{seconds:+d}")

    def environment(self) -> dict[str, str]:
        """What a process with this clock is started with; its intervals stay true."""
        return {
            "LD_PRELOAD": self._library,
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",
        }


@pytest.fixture
def ticker(tmp_path: Path) -> Ticker:
    """A plugin with a job each second."""
    return Ticker(tmp_path)


@pytest.fixture
def installation(tmp_path: Path, ticker: Ticker) -> Iterator[Installation]:
    """Hosts on a server of their own."""
    with on_own_server(tmp_path / "hosts", ticker) as made:
        made.configure("ticker")
        yield made


@pytest.mark.fault("F23", "clock +1 h, -30 s, -1 h", short=3, long=15)
def test_jumping_clock_neither_repeats_slots_nor_makes_up_for_all_of_them(
    fault: Fault,
    tmp_path: Path,
    installation: Installation,
    ticker: Ticker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One run stands for the hour that never was, and no slot is worked off twice.

    A host that slept towards a slot an hour away sees at its next sweep, a minute
    later at the most, that it is due by now.
    """
    clock = FalseClock(tmp_path)
    with monkeypatch.context() as patch:
        for name, value in clock.environment().items():
            patch.setenv(name, value)
        host = installation.serve().ready()
    made_up, slowest, ahead = 0, 0.0, 0
    with httpx.Client(base_url=host.base, trust_env=False) as client:
        assert until(ticker.acknowledged, 15)
        for jump in (JUMPS * (fault.times // 3 + 1))[: fault.times]:
            before, seen = _now(client), len(ticker.acknowledged())
            fault.inject(clock.set, jump)
            there = before + timedelta(seconds=jump - ahead)
            fault.landed(until(lambda there=there: _is_about(there, client), 3))
            if fault.removed or jump > ahead:
                slowest = max(slowest, _seconds_to_tick(ticker, client))
                made_up = max(made_up, _between(ticker, seen, before, _now(client)))
            else:
                threading.Event().wait(3)
            ahead = jump
    fault.figure("runs made up for after a jump ahead", made_up, limit=1)
    fault.figure("seconds until ticks of the new time", slowest, limit=65)
    fault.figure("slots stored twice", ticker.doubles(installation), limit=0)
    fault.figure("acknowledged ticks lost", ticker.lost(installation), limit=0)
    fault.figure("host ended", 0 if host.alive else 1, limit=0)


def _now(client: httpx.Client) -> datetime:
    """The host's clock, from the head of an answer."""
    return parsedate_to_datetime(client.get("/health/live").headers["date"])


def _is_about(expected: datetime, client: httpx.Client) -> bool:
    return abs(_now(client) - expected) < timedelta(seconds=4)


def _seconds_to_tick(ticker: Ticker, client: httpx.Client) -> float:
    margin = timedelta(seconds=5)
    steps = 0

    def ticked() -> bool:
        nonlocal steps
        steps += 1
        return max(ticker.acknowledged()) > _now(client) - margin

    assert until(ticked, 60, 0.2)
    return steps * 0.2


def _between(ticker: Ticker, seen: int, before: datetime, after: datetime) -> int:
    """Slots of the time that was jumped over."""
    margin = timedelta(seconds=8)
    slots = ticker.acknowledged()[seen:]
    return sum(before + margin < slot < after - margin for slot in slots)
