"""Accounts, roles and links in PostgreSQL, and who races whom."""

from __future__ import annotations

import asyncio

import pytest
from core_tables import StoppedClock

from nxforge_core.api import InvalidInputError, UnknownItemError
from nxforge_core.database import Pool
from nxforge_core.security import CONSOLE, TokenStore, UnknownRoleError
from nxforge_core.security.people import (
    Accounts,
    Attempt,
    DeadLinkError,
    DuplicateNameError,
    Entrance,
    LastAdminError,
    Links,
    Logins,
    NewPerson,
    Origin,
    OwnRoles,
    PersonChange,
    RoleInUseError,
    Sessions,
    WeakPasswordError,
    WrongLoginError,
)

PASSWORD = "seven green lamps"  # noqa: S105 - of a test
HERE = Origin("192.0.2.7", "a browser")


def attempt(name: str = "", password: str = PASSWORD, **more: str) -> Attempt:
    """Somebody at the door."""
    return Attempt(name=name, password=password, origin=HERE, **more)


async def admin(
    entrance: Entrance, accounts: Accounts, links: Links, name: str
) -> None:
    """An administrator with a password."""
    await accounts.create(NewPerson(name=name, role="admin"), CONSOLE)
    await entrance.reset(await links.reset(name, CONSOLE), attempt())


async def test_first_administrator_is_made_once_with_many_links_and_hosts(
    accounts: Accounts, links: Links, entrance: Entrance
) -> None:
    """Of all that hold a link of whichever host, one gets in; then all are dead."""
    codes = [await links.setup() for _ in range(5)]
    made = await asyncio.gather(
        *(
            entrance.set_up(str(code), NewPerson(name=f"p{n}", role="admin"), attempt())
            for n, code in enumerate(codes)
        ),
        return_exceptions=True,
    )

    assert sum(isinstance(one, DeadLinkError) for one in made) == 4
    assert [one.role for one in await accounts.list()] == ["admin"]
    assert await links.setup() is None
    with pytest.raises(DeadLinkError):
        await entrance.set_up(str(codes[0]), NewPerson(name="x", role="y"), attempt())


async def test_setup_link_survives_a_weak_password_and_ends_after_an_hour(
    clock: StoppedClock, accounts: Accounts, links: Links, entrance: Entrance
) -> None:
    """Trying again is possible, later is not; the role is never the caller's word."""
    code = str(await links.setup())
    wanted = NewPerson(name="ada", role="viewer")
    with pytest.raises(WeakPasswordError):
        await entrance.set_up(code, wanted, attempt("", "short"))
    with pytest.raises(WeakPasswordError):
        await entrance.set_up(code, wanted, attempt("", "rack-host-ada-1"))
    clock.seconds = 3600
    with pytest.raises(DeadLinkError):
        await entrance.set_up(code, wanted, attempt())
    assert await accounts.list() == []
    await entrance.set_up(str(await links.setup()), wanted, attempt())

    assert [one.role for one in await accounts.list()] == ["admin"]


async def test_kinds_of_links_are_not_mistaken(
    accounts: Accounts, links: Links, entrance: Entrance
) -> None:
    """A code opens the one door it was made for."""
    await accounts.create(NewPerson(name="bob", role="viewer"), CONSOLE)
    setup, reset = str(await links.setup()), await links.reset("bob", CONSOLE)
    login = await links.login("viewer", "guest", CONSOLE)
    wanted = NewPerson(name="eve", role="admin")
    for code in (reset, login, "", "\0", "\ud800"):
        with pytest.raises(DeadLinkError):
            await entrance.set_up(code, wanted, attempt())
    for code in (setup, login):
        with pytest.raises(DeadLinkError):
            await entrance.reset(code, attempt())
    for code in (setup, reset):
        with pytest.raises(DeadLinkError):
            await entrance.log_in(code, attempt())


async def test_two_admins_who_close_each_others_account_at_once_leave_one(
    accounts: Accounts, links: Links, entrance: Entrance
) -> None:
    """Whoever comes second is refused, by deactivation or by another role."""
    off = PersonChange(active=False)
    for change in (off, PersonChange(role="viewer"), off):
        for person in await accounts.list():
            back = PersonChange(active=True, role="admin")
            await accounts.change(person.name, back, CONSOLE)
        if not await accounts.list():
            await admin(entrance, accounts, links, "ada")
            await admin(entrance, accounts, links, "bob")
        done = await asyncio.gather(
            accounts.change("ada", off, CONSOLE),
            accounts.change("bob", change, CONSOLE),
            return_exceptions=True,
        )
        assert sum(isinstance(one, LastAdminError) for one in done) == 1
        assert await accounts.has_admin()


async def test_admin_without_a_password_does_not_count(
    accounts: Accounts, links: Links, entrance: Entrance
) -> None:
    """Somebody who was invited and never came cannot administer anything."""
    await admin(entrance, accounts, links, "ada")
    await accounts.create(NewPerson(name="bob", role="admin"), CONSOLE)

    with pytest.raises(LastAdminError, match="'ada'"):
        await accounts.change("ada", PersonChange(active=False), CONSOLE)


async def test_name_is_unique_whatever_its_case(accounts: Accounts) -> None:
    """Nobody is mistaken for somebody else; also not when both come at once."""
    made = await asyncio.gather(
        *(
            accounts.create(NewPerson(name=name, role="viewer"), CONSOLE)
            for name in ("ada", "ADA", "Ada")
        ),
        return_exceptions=True,
    )

    assert sum(isinstance(one, DuplicateNameError) for one in made) == 2
    assert (await accounts.find("aDa")).role == "viewer"


@pytest.mark.parametrize(
    "facts",
    [
        {"name": ""},
        {"name": "7"},
        {"name": "a b"},
        {"name": "a\0b"},
        {"name": "a" * 65},
        {"display_name": "a\nb"},
        {"display_name": "\x1b[31m"},
        {"email": "nobody"},
        {"email": "a b@c"},
        {"email": "a@b\r\nBcc: c@d"},
    ],
)
async def test_what_would_garble_a_list_is_refused(
    accounts: Accounts, facts: dict[str, str]
) -> None:
    """Nothing of it is stored."""
    with pytest.raises(InvalidInputError):
        await accounts.create(
            NewPerson(**({"name": "ada", "role": "viewer"} | facts)), CONSOLE
        )
    with pytest.raises(UnknownRoleError, match="'root'"):
        await accounts.create(NewPerson(name="ada", role="root"), CONSOLE)
    assert await accounts.list() == []


async def test_closed_account_is_closed_everywhere_at_once(  # noqa: PLR0913 - fixtures
    *,
    pool: Pool,
    clock: StoppedClock,
    accounts: Accounts,
    links: Links,
    entrance: Entrance,
    logins: Logins,
    sessions: Sessions,
) -> None:
    """Sessions, links and the password open nothing; opened again, none comes back."""
    await admin(entrance, accounts, links, "root")
    await accounts.create(NewPerson(name="ada", role="viewer"), CONSOLE)
    entered = await entrance.reset(await links.reset("ada", CONSOLE), attempt())
    code = await links.reset("ada", CONSOLE)
    assert await sessions.authenticate(entered.session.text) is not None
    await accounts.change("ada", PersonChange(active=False), CONSOLE)
    elsewhere = Sessions(pool, clock, 7200, 86_400)

    assert await elsewhere.authenticate(entered.session.text) is None
    with pytest.raises(WrongLoginError):
        await logins.enter(attempt("ada"))
    with pytest.raises(DeadLinkError):
        await entrance.reset(code, attempt())
    with pytest.raises(UnknownItemError):
        await links.reset("ada", CONSOLE)
    await accounts.change("ada", PersonChange(active=True), CONSOLE)
    assert await elsewhere.authenticate(entered.session.text) is None
    assert (await logins.enter(attempt("ada"))).role == "viewer"


async def test_own_role_holds_what_it_was_given(
    pool: Pool, clock: StoppedClock, accounts: Accounts, store: TokenStore
) -> None:
    """It stays as long as somebody has it, and changes for all of them."""
    own = OwnRoles(pool, clock)
    await own.put("energy", ["meter:*", "meter:*"], CONSOLE, description="Energy")
    await accounts.create(NewPerson(name="ada", role="energy"), CONSOLE)
    await store.create("ci", "energy")
    with pytest.raises(RoleInUseError, match="ada, token ci"):
        await own.remove("energy", CONSOLE)
    await own.put("energy", ["meter:a"], CONSOLE)
    held = await own.list()
    await accounts.change("ada", PersonChange(role="viewer"), CONSOLE)
    await store.revoke("ci")
    await own.remove("energy", CONSOLE)

    assert [(one.name, one.permissions) for one in held] == [("energy", ["meter:a"])]
    assert await own.list() == []
    with pytest.raises(UnknownItemError):
        await own.remove("energy", CONSOLE)


@pytest.mark.parametrize("name", ["admin", "viewer", "", "A", "1a", "a b", "a" * 51])
async def test_built_in_and_malformed_names_are_no_own_roles(
    pool: Pool, clock: StoppedClock, name: str
) -> None:
    """Nobody redefines what `viewer` means."""
    with pytest.raises((InvalidInputError, DuplicateNameError)):
        await OwnRoles(pool, clock).put(name, ["*"], CONSOLE)


async def test_nothing_secret_is_stored_as_it_is(
    pool: Pool, accounts: Accounts, links: Links, entrance: Entrance
) -> None:
    """Neither passwords nor codes nor texts of cookies are found in any table."""
    code = str(await links.setup())
    wanted = NewPerson(name="ada", role="admin")
    entered = await entrance.set_up(code, wanted, attempt())
    reset = await links.reset("ada", CONSOLE)
    dump = ""
    for table in (
        "person",
        "session",
        "device",
        "login_link",
        "login_trouble",
        "audit",
    ):
        rows = await pool.fetch(f"select {table}::text as row from {table}")  # noqa: S608 - ours
        dump += " ".join(row["row"] for row in rows)

    assert "ada" in dump
    for secret in (PASSWORD, code, reset, entered.session.text, entered.device):
        assert secret not in dump
        assert secret[:20] not in dump
    assert (await accounts.find("ada")).password_at is not None
