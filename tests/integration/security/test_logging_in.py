"""Passwords at the door: who gets in, who waits, and whom nobody can lock out."""

from __future__ import annotations

import asyncio

import pytest
from core_tables import StoppedClock

from nxforge_core.api import UnknownItemError
from nxforge_core.database import Pool
from nxforge_core.security import CONSOLE
from nxforge_core.security.people import (
    Accounts,
    Attempt,
    DeadLinkError,
    Entered,
    Entrance,
    Links,
    Logins,
    NewPerson,
    Origin,
    Sessions,
    TooManyLoginsError,
    WrongLoginError,
)

PASSWORD = "seven green lamps"  # noqa: S105 - of a test
NEW = "four quiet rivers"
OWNER = "198.51.100.20"
ATTACKER = "203.0.113.66"


def attempt(
    name: str = "ada", password: str = PASSWORD, address: str = OWNER, **more: str
) -> Attempt:
    """Somebody at the door."""
    return Attempt(name=name, password=password, origin=Origin(address), **more)


@pytest.fixture
async def ada(accounts: Accounts, links: Links, entrance: Entrance) -> Entered:
    """Ada has an account, a password, and a browser that is known."""
    await accounts.create(NewPerson(name="ada", role="operator"), CONSOLE)
    return await entrance.reset(await links.reset("ada", CONSOLE), attempt())


async def hammer(logins: Logins, times: int, **more: str) -> list[str]:
    """Fail so often; answers what each try was told."""
    told = []
    for _ in range(times):
        try:
            await logins.enter(attempt(**({"password": "wrong"} | more)))
        except (WrongLoginError, TooManyLoginsError) as error:
            told.append(error.code)
    return told


@pytest.mark.usefixtures("ada")
async def test_every_failure_reads_the_same(accounts: Accounts, logins: Logins) -> None:
    """A wrong name, a wrong password, an account without one: one message."""
    await accounts.create(NewPerson(name="bob", role="viewer"), CONSOLE)
    words = set()
    for name, password in (("ada", "x"), ("nobody", "x"), ("bob", ""), ("a\0", "x")):
        with pytest.raises(WrongLoginError) as caught:
            await logins.enter(attempt(name, password, address=f"192.0.2.{len(name)}"))
        words.add((caught.value.message, caught.value.remedy, caught.value.status))

    assert len(words) == 1


@pytest.mark.usefixtures("ada")
async def test_unknown_account_is_slowed_down_like_a_known_one(logins: Logins) -> None:
    """Not even the waiting tells which accounts there are."""
    known = await hammer(logins, 8, address="192.0.2.1")
    unknown = await hammer(logins, 8, name="nobody", address="192.0.2.2")

    assert known == unknown
    assert known == ["wrong_login"] * 6 + ["too_many_logins"] * 2


async def test_attacker_slows_down_nobody_else(
    ada: Entered, sessions: Sessions, logins: Logins
) -> None:
    """Hammering from one address leaves browser, other address and session free."""
    told = await hammer(logins, 40, address=ATTACKER)
    assert told.count("too_many_logins") == 34

    assert await sessions.authenticate(ada.session.text) is not None
    assert (await logins.enter(attempt())).name == "ada"
    same_router = attempt(address=ATTACKER, device=ada.device)
    assert (await logins.enter(same_router)).name == "ada"
    with pytest.raises(TooManyLoginsError):
        await logins.enter(attempt(address=ATTACKER))


@pytest.mark.usefixtures("ada")
async def test_many_addresses_slow_down_strangers_only(
    pool: Pool, clock: StoppedClock, ada: Entered, logins: Logins
) -> None:
    """A distributed attack costs an unknown browser a minute, a known one nothing."""
    for number in range(80):
        await hammer(logins, 1, address=f"203.0.{number}.1")
    with pytest.raises(TooManyLoginsError) as caught:
        await logins.enter(attempt())
    assert caught.value.seconds <= 60
    assert (await logins.enter(attempt(device=ada.device))).name == "ada"
    clock.seconds += 60
    assert (await logins.enter(attempt())).name == "ada"
    assert await pool.fetchval("select count(*) from login_trouble") > 80


async def test_known_browser_is_slowed_down_by_its_own_failures(
    ada: Entered, logins: Logins
) -> None:
    """Whoever stole it does not guess on without end, and it helps with one account."""
    told = await hammer(logins, 10, device=ada.device, address="192.0.2.9")
    other = await hammer(
        logins, 10, name="bob", device=ada.device, address="192.0.2.10"
    )

    assert told.count("wrong_login") == 6
    assert other.count("wrong_login") == 6


@pytest.mark.usefixtures("ada")
async def test_many_tries_at_once_count_each(logins: Logins) -> None:
    """A burst of parallel guesses is no way around: they are counted before."""
    told = await asyncio.gather(
        *(
            logins.enter(attempt(password=f"guess {n}", address=ATTACKER))
            for n in range(24)
        ),
        return_exceptions=True,
    )

    assert sum(isinstance(one, WrongLoginError) for one in told) == 6
    assert sum(isinstance(one, TooManyLoginsError) for one in told) == 18


@pytest.mark.usefixtures("ada")
async def test_own_account_does_not_pay_for_tries_at_others(
    accounts: Accounts, links: Links, entrance: Entrance, logins: Logins
) -> None:
    """Logging in with an account of one's own between two guesses buys no third."""
    await accounts.create(NewPerson(name="eve", role="viewer"), CONSOLE)
    reset = await links.reset("eve", CONSOLE)
    await entrance.reset(reset, attempt("eve", address=ATTACKER))
    told: list[str] = []
    for number in range(30):
        told += await hammer(logins, 1, name=f"p{number}", address=ATTACKER)
        try:
            await logins.enter(attempt("eve", address=ATTACKER))
        except TooManyLoginsError:
            break

    assert len(told) == 21


@pytest.mark.usefixtures("ada")
async def test_whole_customer_network_of_ipv6_is_one_address(logins: Logins) -> None:
    """Another address out of the same /64 for each try is no other address."""
    told = []
    for number in range(10):
        told += await hammer(logins, 1, address=f"2001:db8:1:2::{number:x}")

    assert told.count("too_many_logins") == 4


async def test_success_forgets_ones_own_failures(ada: Entered, logins: Logins) -> None:
    """Four mistakes, then right, then four more: nobody waits."""
    for _ in range(3):
        assert await hammer(logins, 4) == ["wrong_login"] * 4
        assert (await logins.enter(attempt())).role == ada.role


async def test_login_ends_the_session_that_the_browser_had(
    ada: Entered, sessions: Sessions, logins: Logins
) -> None:
    """A text that somebody planted before is worth nothing after: it is a new one."""
    planted = ada.session.text
    entered = await logins.enter(attempt(session=planted, device=ada.device))

    assert entered.session.text != planted
    assert entered.device == ""
    assert await sessions.authenticate(planted) is None
    assert await sessions.authenticate(entered.session.text) is not None


async def test_changed_password_ends_everything_but_what_it_begins(
    ada: Entered, sessions: Sessions, logins: Logins, links: Links, entrance: Entrance
) -> None:
    """Old sessions, old browsers, old links and the old password are dead."""
    second = await logins.enter(attempt())
    code = await links.reset("ada", CONSOLE)
    person = (await sessions.list())[0].id
    found = await sessions.authenticate(ada.session.text)
    assert found is not None
    assert person
    fresh = await logins.change(int(found.person or 0), (PASSWORD, NEW), attempt())

    for text in (ada.session.text, second.session.text):
        assert await sessions.authenticate(text) is None
    assert await sessions.authenticate(fresh.session.text) is not None
    with pytest.raises(WrongLoginError):
        await logins.enter(attempt())
    with pytest.raises(DeadLinkError):
        await entrance.reset(code, attempt())
    assert (await logins.enter(attempt("ada", NEW))).name == "ada"


async def test_password_of_now_is_not_guessed_from_inside(
    ada: Entered, sessions: Sessions, logins: Logins
) -> None:
    """Whoever sits at an open session gets few tries at the password."""
    found = await sessions.authenticate(ada.session.text)
    assert found is not None
    told = []
    for _ in range(8):
        with pytest.raises((WrongLoginError, TooManyLoginsError)) as caught:
            await logins.change(int(found.person or 0), ("x", NEW), attempt())
        told.append(caught.value.code)

    assert told == ["wrong_login"] * 6 + ["too_many_logins"] * 2


async def test_login_that_races_a_reset_is_refused(
    ada: Entered, links: Links, entrance: Entrance, logins: Logins, sessions: Sessions
) -> None:
    """A password that is replaced while it is checked opens nothing that stays."""
    code = await links.reset("ada", CONSOLE)
    new = attempt("ada", NEW)
    outcome = await asyncio.gather(
        *(logins.enter(attempt(address=f"192.0.2.{n}")) for n in range(4)),
        entrance.reset(code, new),
        return_exceptions=True,
    )
    alive = await sessions.list()

    assert isinstance(outcome[-1], Entered)
    assert [one.id for one in alive] == [outcome[-1].session.id]
    assert ada.session.id != alive[0].id


async def test_session_ends_when_it_is_not_used(
    clock: StoppedClock, ada: Entered, sessions: Sessions
) -> None:
    """Two hours of rest end it; a request before starts them anew."""
    for _ in range(3):
        clock.seconds += 7199
        assert await sessions.authenticate(ada.session.text) is not None
    clock.seconds += 7200
    assert await sessions.authenticate(ada.session.text) is None
    assert await sessions.authenticate(ada.session.text) is None


async def test_session_ends_after_a_day_whatever_happens(
    clock: StoppedClock, ada: Entered, sessions: Sessions
) -> None:
    """Being used does not make it last for ever."""
    while clock.seconds < 86_400 - 3600:
        clock.seconds += 3600
        assert await sessions.authenticate(ada.session.text) is not None
        await sessions.flush()
    clock.seconds += 3600
    assert await sessions.authenticate(ada.session.text) is None


async def test_use_in_one_process_counts_in_another(
    pool: Pool, clock: StoppedClock, ada: Entered, sessions: Sessions
) -> None:
    """What one host stored of its use keeps the session alive on the others."""
    elsewhere = Sessions(pool, clock, 7200, 86_400)
    clock.seconds = 7000
    assert await sessions.authenticate(ada.session.text) is not None
    await sessions.flush()
    clock.seconds = 9000
    assert await elsewhere.authenticate(ada.session.text) is not None
    clock.seconds = 30_000
    await elsewhere.flush()
    assert await pool.fetchval("select count(*) from session") == 0


async def test_sessions_are_seen_and_ended_by_their_owner_only(
    ada: Entered,
    accounts: Accounts,
    links: Links,
    entrance: Entrance,
    sessions: Sessions,
) -> None:
    """A number of somebody else's session is no session of mine."""
    await accounts.create(NewPerson(name="eve", role="viewer"), CONSOLE)
    reset = await links.reset("eve", CONSOLE)
    eve = await entrance.reset(reset, attempt("eve"))
    person = (await sessions.authenticate(eve.session.text)) or pytest.fail("not in")
    assert [one.name for one in await sessions.list(person.person)] == ["eve"]
    with pytest.raises(UnknownItemError):
        await sessions.end(ada.session.id, CONSOLE, person.person)
    await sessions.end(ada.session.id, CONSOLE)

    assert await sessions.authenticate(ada.session.text) is None
    assert len(await sessions.list()) == 1


async def test_guest_comes_in_once_with_a_link(
    clock: StoppedClock, links: Links, entrance: Entrance, sessions: Sessions
) -> None:
    """Of many that try one code at once one gets in; ten minutes later none does."""
    code = await links.login("viewer", "wall", CONSOLE)
    made = await asyncio.gather(
        *(entrance.log_in(code, attempt()) for _ in range(8)), return_exceptions=True
    )
    late = await links.login("viewer", "wall", CONSOLE)
    clock.seconds = 600
    with pytest.raises(DeadLinkError):
        await entrance.log_in(late, attempt())

    inside = [one for one in made if isinstance(one, Entered)]
    assert len(inside) == 1
    found = await sessions.authenticate(inside[0].session.text)
    assert found is not None
    assert (found.name, found.role, found.person) == ("wall", "viewer", None)
