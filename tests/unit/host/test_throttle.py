"""Who asks too often, and who does not suffer for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from nxforge_core.api import UnauthenticatedError
from nxforge_core.host._access import Access
from nxforge_core.host._errors import TooManyRequestsError
from nxforge_core.host._throttle import Throttle
from nxforge_core.security import Principal
from nxforge_core.security.people import CookieNames

ALL = frozenset({"*"})
KNOWN = {
    "one": Principal("anna", "admin", ALL, person=1, token=1),
    "other": Principal("anna", "admin", ALL, person=1, token=2),
    "robot": Principal("robot", "viewer", ALL, token=3),
    "web": Principal("anna", "admin", ALL, person=1, session=9),
}


class Book:
    """Knows some credentials and counts who looks."""

    def __init__(self) -> None:
        self.looked = 0

    async def bearer(self, token: str) -> Principal | None:
        """Whose token it is."""
        self.looked += 1
        return KNOWN.get(token)

    async def session(self, text: str) -> Principal | None:
        """Whose session it is."""
        return await self.bearer(text)


@pytest.fixture
def book() -> Book:
    """What is known."""
    return Book()


Ask = Callable[..., Awaitable[Principal]]


@pytest.fixture
def ask(book: Book) -> Ask:
    """Ask with a token, or none, from an address; ten requests at once are free."""
    access = Access(book, CookieNames("0badcafe"), Throttle(1, 1, lambda: 0.0))

    async def call(token: str = "", peer: str = "192.0.2.7") -> Principal:
        headers = [(b"authorization", b"Bearer " + token.encode())] if token else []
        scope: dict[str, Any] = {
            "method": "GET",
            "headers": headers,
            "client": (peer, 1),
            "scheme": "http",
        }
        return await access.identify(scope)

    return call


async def flood(ask: Ask, token: str, peer: str = "192.0.2.7") -> int:
    """Ask until it is too much; answers how often it was not."""
    for count in range(100):
        try:
            await ask(token, peer)
        except TooManyRequestsError:
            return count
        except UnauthenticatedError:
            pass
    return 100


@pytest.mark.parametrize("token", ["", "made up"])
async def test_stranger_is_slowed_down_by_address(ask: Ask, token: str) -> None:
    """Without an accepted credential an address gets its rate, another its own."""
    assert await flood(ask, token) == 10
    assert await flood(ask, token, "192.0.2.8") == 10


async def test_flood_of_made_up_tokens_reaches_no_database(
    ask: Ask, book: Book
) -> None:
    """Once an address has spent its limit, unknown tokens are not looked up."""
    await flood(ask, "made up")
    before = book.looked
    for number in range(50):
        with pytest.raises(TooManyRequestsError):
            await ask(f"made up {number}")

    assert book.looked == before


async def test_flood_keeps_out_nobody_who_was_in(ask: Ask) -> None:
    """Behind the same router a token that was accepted before still is."""
    await ask("robot")
    await flood(ask, "made up")

    assert (await ask("robot")).name == "robot"
    with pytest.raises(TooManyRequestsError):
        await ask("one")
    assert (await ask("one", "192.0.2.8")).name == "anna"


async def test_account_has_one_rate_for_all_it_holds(ask: Ask) -> None:
    """More tokens or addresses give a person no more; a robot has its own rate."""
    assert await flood(ask, "one") == 10
    assert await flood(ask, "other", "192.0.2.8") == 0
    assert await flood(ask, "robot") == 10


async def test_caller_spends_nothing_of_the_address(ask: Ask) -> None:
    """Requests of somebody who is known leave strangers of the address their own."""
    await flood(ask, "robot")

    assert await flood(ask, "") == 10


def test_public_routes_count_for_the_address() -> None:
    """What anybody may ask for, nobody may ask for without end."""
    access = Access(Book(), CookieNames("0badcafe"), Throttle(1, 0, lambda: 0.0))
    scope = {"client": ("2001:db8::1", 1)}
    for _ in range(10):
        access.visit(scope)

    with pytest.raises(TooManyRequestsError):
        access.visit({"client": ("2001:db8::2", 1)})


async def test_nothing_is_remembered_without_end() -> None:
    """Accepted credentials are remembered as hashes, a bounded number of them."""
    throttle = Throttle(1, 0, lambda: 0.0)
    for number in range(5000):
        throttle.caller(KNOWN["robot"], f"secret {number}")

    assert len(throttle._accepted) == 1024
    assert "secret" not in repr(vars(throttle))
