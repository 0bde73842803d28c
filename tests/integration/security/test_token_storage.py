"""Tokens and login links in PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest

from nxforge_core.api import InvalidInputError, UnknownItemError
from nxforge_core.database import Pool, ServerAddress
from nxforge_core.security import (
    DuplicateTokenError,
    LoginLinks,
    TokenStore,
    UnknownRoleError,
)

_START = datetime(2026, 1, 1, tzinfo=UTC)


class StoppedClock:
    """A clock that moves when a test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        """The instant."""
        return _START + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        """Seconds."""
        return self.seconds


def _migration(name: str) -> str:
    folder = files("nxforge_core") / "builtin" / "migrations"
    return (folder / f"002_create_token{name}.sql").read_text("utf-8")


@pytest.fixture
async def pool(database: ServerAddress) -> AsyncIterator[Pool]:
    """The core's pool on a schema with the tables of these tests."""
    pool = Pool(database, search_path="nxforge")
    await pool.execute("create schema nxforge")
    await pool.execute(_migration(""))
    yield pool
    await pool.close()


@pytest.fixture
def clock() -> StoppedClock:
    """Time at hand."""
    return StoppedClock()


@pytest.fixture
def store(pool: Pool, clock: StoppedClock) -> TokenStore:
    """The store on real tables."""
    return TokenStore(pool, clock)


@pytest.fixture
def links(pool: Pool, clock: StoppedClock) -> LoginLinks:
    """Login links on real tables."""
    return LoginLinks(pool, clock)


async def test_migration_goes_back_and_forth(pool: Pool) -> None:
    """The undo leaves nothing behind, and the tables can be made again."""
    await pool.execute(_migration(".rollback"))
    left = await pool.fetchval(
        "select count(*) from pg_class where relnamespace = 'nxforge'::regnamespace"
    )
    assert left == 0
    await pool.execute(_migration(""))


async def test_created_token_is_known_to_every_process(
    pool: Pool, clock: StoppedClock, store: TokenStore
) -> None:
    """The text opens the door elsewhere, too, with the role it was made for."""
    made = await store.create("ci", "viewer")
    found = await TokenStore(pool, clock).authenticate(made.text)
    assert found is not None
    assert (found.id, found.name, found.role, found.kind) == (
        made.id,
        "ci",
        "viewer",
        "api",
    )
    assert (found.created_at, found.expires_at, found.last_used_at) == (
        _START,
        None,
        None,
    )


async def test_text_is_stored_nowhere(
    pool: Pool, store: TokenStore, links: LoginLinks
) -> None:
    """Neither token nor code can be read back from the tables."""
    made = await store.create("ci", "viewer")
    code = await links.create("admin", "ada")
    rows = await pool.fetch(
        "select token::text as row from token union all"
        " select login_link::text from login_link"
    )
    dump = " ".join(row["row"] for row in rows)
    assert len(rows) == 2
    assert made.text not in dump
    assert code not in dump
    assert made.text[:8] in dump


async def test_active_name_is_refused_a_second_time(
    clock: StoppedClock, store: TokenStore
) -> None:
    """A name stands for one active token; revoked or expired it is free again."""
    await store.create("ci", "viewer", _START + timedelta(hours=1))
    with pytest.raises(DuplicateTokenError, match="'ci'"):
        await store.create("ci", "admin")
    clock.seconds = 3600
    await store.create("ci", "operator")
    await store.revoke("ci")
    await store.create("ci", "admin")
    assert [token.role for token in await store.list()] == ["admin"]


async def test_one_of_two_that_create_one_name_at_once_wins(store: TokenStore) -> None:
    """The database decides, not a look beforehand."""
    made = await asyncio.gather(
        *(store.create("ci", "viewer") for _ in range(4)), return_exceptions=True
    )
    assert sum(isinstance(item, DuplicateTokenError) for item in made) == 3
    assert len(await store.list()) == 1


@pytest.mark.parametrize("name", ["", "7", "7up", " ci", "a\nb", "a" * 101, "a/b"])
async def test_wrong_name_is_refused(store: TokenStore, name: str) -> None:
    """A name can always be told from an id and shown on one line."""
    with pytest.raises(InvalidInputError) as caught:
        await store.create(name, "viewer")
    assert caught.value.value == name
    assert await store.list() == []


async def test_unknown_role_changes_nothing(
    store: TokenStore, links: LoginLinks
) -> None:
    """The error names the roles, and nothing is stored."""
    with pytest.raises(UnknownRoleError, match="'root'"):
        await store.create("ci", "root")
    with pytest.raises(UnknownRoleError, match="'root'"):
        await links.create("root", "ada")
    assert await store.list() == []


@pytest.mark.parametrize(
    "expires_at",
    [
        _START,
        datetime(2027, 1, 1),  # noqa: DTZ001 - a naive one on purpose
    ],
)
async def test_expiry_must_be_aware_and_ahead(
    store: TokenStore, expires_at: datetime
) -> None:
    """A token that never works, or works until an unclear time, is refused."""
    with pytest.raises(InvalidInputError, match="expires_at"):
        await store.create("ci", "viewer", expires_at)


async def test_revoked_token_opens_nothing(
    pool: Pool, clock: StoppedClock, store: TokenStore
) -> None:
    """By id or by name, here at once and elsewhere within two seconds."""
    elsewhere = TokenStore(pool, clock)
    first = await store.create("one", "viewer")
    second = await store.create("two", "viewer")
    assert await elsewhere.authenticate(first.text) is not None
    assert await store.revoke(str(first.id)) == 1
    assert await store.revoke("two") == 1
    assert await store.authenticate(first.text) is None
    assert await store.authenticate(second.text) is None
    assert await elsewhere.authenticate(first.text) is not None
    clock.seconds = 2
    assert await elsewhere.authenticate(first.text) is None


@pytest.mark.parametrize("which", ["nobody", "99999", 99999, 2**80, str(2**80)])
async def test_revoking_what_is_not_there_is_an_error(
    store: TokenStore, which: int | str
) -> None:
    """The error names the value."""
    with pytest.raises(UnknownItemError, match=str(which)):
        await store.revoke(which)


async def test_last_use_is_exact_to_a_minute(
    clock: StoppedClock, store: TokenStore
) -> None:
    """A flush within a minute of the last one leaves the row alone."""
    made = await store.create("ci", "viewer")
    seen = []
    for seconds in (10, 40, 70):
        clock.seconds = seconds
        await store.authenticate(made.text)
        await store.flush()
        seen.append((await store.list())[0].last_used_at)
    assert seen == [_START + timedelta(seconds=second) for second in (10, 10, 70)]


async def test_login_link_is_exchanged_once(
    clock: StoppedClock, store: TokenStore, links: LoginLinks
) -> None:
    """A code gives one session with its role, for twelve hours."""
    code = await links.create("operator", "ada")
    session = await links.claim(code)
    assert session is not None
    assert session.expires_at == _START + timedelta(hours=12)
    assert await links.claim(code) is None
    found = await store.authenticate(session.text)
    assert found is not None
    assert (found.kind, found.name, found.role) == ("session", "ada", "operator")
    clock.seconds = 12 * 3600
    assert await store.authenticate(session.text) is None
    assert await store.list() == []


async def test_many_that_claim_one_code_get_one_session(
    store: TokenStore, links: LoginLinks
) -> None:
    """Of all that try at the same time exactly one gets in."""
    code = await links.create("viewer", "ada")
    sessions = await asyncio.gather(*(links.claim(code) for _ in range(8)))
    assert sum(session is not None for session in sessions) == 1
    assert len(await store.list()) == 1


async def test_login_link_ends_after_ten_minutes(
    clock: StoppedClock, links: LoginLinks
) -> None:
    """An old link opens nothing, nor does a code nobody made."""
    code = await links.create("viewer", "ada")
    clock.seconds = 600
    assert await links.claim(code) is None
    assert await links.claim("") is None
    assert await links.claim("\x00ä\ud800") is None


async def test_sessions_share_a_name_and_end_by_it(
    store: TokenStore, links: LoginLinks
) -> None:
    """Several sessions and one token of a name; revoking the name ends them all."""
    await store.create("ada", "viewer")
    for _ in range(2):
        await links.claim(await links.create("viewer", "ada"))
    assert await store.revoke("ada") == 3


async def test_ended_sessions_and_links_are_forgotten(
    pool: Pool, clock: StoppedClock, links: LoginLinks
) -> None:
    """The tables do not grow with each visit."""
    await links.claim(await links.create("viewer", "ada"))
    clock.seconds = 13 * 3600
    await links.claim(await links.create("viewer", "bob"))
    assert await pool.fetchval("select count(*) from token") == 1
    assert await pool.fetchval("select count(*) from login_link") == 1
