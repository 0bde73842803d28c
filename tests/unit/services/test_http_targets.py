"""Addresses, URLs, turns and the clock: the small parts of the guarded client."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from datetime import timedelta

import pytest

from nxforge_core.api import InvalidInputError
from nxforge_core.services import SystemClock
from nxforge_core.services._address import literal_address
from nxforge_core.services._slots import Slots, Spot
from nxforge_core.services._target import next_target, read_target, shown_url


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("017700000001", "127.0.0.1"),
        ("10.0.0.7.", "10.0.0.7"),
        ("::1", "::1"),
        ("0:0:0:0:0:ffff:127.0.0.1", "::ffff:127.0.0.1"),
        ("meter.example", None),
        ("localhost", None),
        ("x" * 70, None),
        ("", None),
    ],
)
def test_literal_address_reads_every_spelling(host: str, address: str | None) -> None:
    """What the C library takes for an address is one, in its usual form."""
    assert literal_address(host) == address


def test_read_target_takes_a_url_apart() -> None:
    """User name and fragment leave the URL, the port comes from the scheme."""
    target = read_target("https://me:p%40ss@Meter.Example/a?token=abc#x")
    assert str(target.url) == "https://meter.example/a?token=abc"
    assert target.spot == Spot("meter.example", 443)
    assert target.auth is not None
    assert (target.auth.username, target.auth.password) == ("me", "p@ss")
    assert target.shown == "https://meter.example/a?token=***"


@pytest.mark.parametrize(
    "url", ["", "/x", "meter", "ftp://m/", "http://", "http://m:0/", "http://m%00/"]
)
def test_read_target_refuses_other_urls(url: str) -> None:
    """Only absolute http and https URLs with a readable host are taken."""
    with pytest.raises(InvalidInputError):
        read_target(url)


def test_read_target_shows_no_password_when_the_url_is_invalid() -> None:
    """The message about a bad URL is redacted too."""
    with pytest.raises(InvalidInputError) as caught:
        read_target("ftp://me:hunter2@meter/?key=abc")
    assert "hunter2" not in str(caught.value)
    assert "abc" not in str(caught.value)


@pytest.mark.parametrize(
    ("location", "same"),
    [
        ("/b", True),
        ("http://METER/b", True),
        ("http://meter:80/", True),
        ("http://u:p@meter/", True),
        ("http://meter:81/", False),
        ("https://meter/", False),
        ("//other/", False),
    ],
)
def test_next_target_tells_the_same_origin(location: str, same: bool) -> None:  # noqa: FBT001 - a parameter of the table
    """Scheme, host and port decide."""
    here = read_target("http://meter/a")
    target = next_target(here, location)
    assert target is not None
    assert target.same_origin(here) is same


def test_shown_url_hides_user_info_wherever_it_stands() -> None:
    """Even of a text that is no URL."""
    assert shown_url("//admin:pw@host/x") == "//host/x"


async def test_slots_serve_a_spot_in_order_and_others_at_once() -> None:
    """One at a time per host and port, first come first served."""
    slots, order = Slots(total=10), []
    release = asyncio.Event()

    async def work(name: str, spot: Spot) -> None:
        async with slots.hold(spot):
            order.append(name)
            await release.wait()

    async with asyncio.TaskGroup() as group:
        for name in ("a", "b", "c"):
            group.create_task(work(name, Spot("meter", 80)))
        group.create_task(work("other", Spot("meter", 81)))
        for _ in range(5):
            await asyncio.sleep(0)
        assert order == ["a", "other"]
        release.set()
    assert order == ["a", "other", "b", "c"]


async def test_slots_forget_spots_nobody_asks() -> None:
    """Thousands of hosts asked once leave nothing behind."""
    slots = Slots(total=10)
    for number in range(100):
        async with slots.hold(Spot(f"meter-{number}", 80)):
            pass
    assert len(slots._locks) == 0


async def test_slots_bound_the_whole() -> None:
    """No more than `total` are under way, over all hosts."""
    slots, busy, most = Slots(total=3), 0, 0

    async def work(port: int) -> None:
        nonlocal busy, most
        async with slots.hold(Spot("meter", port)):
            busy += 1
            most = max(most, busy)
            await asyncio.sleep(0)
            busy -= 1

    await asyncio.gather(*(work(port) for port in range(20)))
    assert most == 3


def test_system_clock_is_aware_and_never_goes_back() -> None:
    """UTC with an offset, and a monotonic companion."""
    clock = SystemClock()
    assert clock.now().utcoffset() == timedelta(0)
    assert clock.monotonic() <= clock.monotonic()


def test_services_import_neither_httpx_nor_aiohttp() -> None:
    """They cost half a second that a host without meters never pays."""
    code = (
        "import sys, nxforge_core.services;"
        "print({'httpx', 'aiohttp', 'httpx_aiohttp'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"
