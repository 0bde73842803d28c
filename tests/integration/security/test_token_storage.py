"""Tokens in PostgreSQL."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from core_tables import START as _START
from core_tables import StoppedClock, migration_texts

from nxforge_core.api import InvalidInputError, UnknownItemError
from nxforge_core.database import Pool
from nxforge_core.security import (
    CONSOLE,
    DuplicateTokenError,
    Limits,
    TokenStore,
    UnknownRoleError,
)
from nxforge_core.security.people import Accounts, NewPerson, PersonChange


async def test_migrations_go_back_and_forth(pool: Pool) -> None:
    """The undo leaves nothing behind, and the tables can be made again."""
    for text in migration_texts(back=True):
        await pool.execute(text)
    left = await pool.fetchval(
        "select count(*) from pg_class where relnamespace = 'nxforge'::regnamespace"
    )
    assert left == 0
    for text in migration_texts():
        await pool.execute(text)


async def test_created_token_is_known_to_every_process(
    pool: Pool, clock: StoppedClock, store: TokenStore
) -> None:
    """The text opens the door elsewhere, too, with the role it was made for."""
    made = await store.create("ci", "viewer")
    found = await TokenStore(pool, clock).authenticate(made.text)
    assert found is not None
    assert (found.id, found.name, found.role) == (made.id, "ci", "viewer")
    assert (found.owner, found.permissions, found.plugins) == (None, None, None)
    assert (found.created_at, found.expires_at, found.last_used_at) == (
        _START,
        None,
        None,
    )


async def test_text_is_stored_nowhere(pool: Pool, store: TokenStore) -> None:
    """A token cannot be read back from the table."""
    made = await store.create("ci", "viewer")
    rows = await pool.fetch("select token::text as row from token")
    dump = " ".join(row["row"] for row in rows)
    assert len(rows) == 1
    assert made.text not in dump
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


async def test_unknown_role_changes_nothing(store: TokenStore) -> None:
    """The error names the roles, and nothing is stored."""
    with pytest.raises(UnknownRoleError, match="'root'"):
        await store.create("ci", "root")
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


async def test_token_of_a_person_follows_the_person(
    accounts: Accounts, clock: StoppedClock, store: TokenStore
) -> None:
    """It has the role of its owner, whatever that is now, and dies with the account."""
    ada = await accounts.create(NewPerson(name="ada", role="operator"), CONSOLE)
    limits = Limits(["meter:*"], ["meter"])
    made = await store.create_own("ci", ada.id, limits=limits, by=CONSOLE)
    first = await store.authenticate(made.text)
    await accounts.change("ada", PersonChange(role="viewer"), CONSOLE)
    clock.seconds = 3
    second = await store.authenticate(made.text)
    await accounts.change("ada", PersonChange(active=False), CONSOLE)
    clock.seconds = 6

    assert first is not None
    assert second is not None
    assert (first.holder, first.role, second.role) == ("ada", "operator", "viewer")
    assert (first.permissions, first.plugins) == (["meter:*"], ["meter"])
    assert await store.authenticate(made.text) is None
    assert await store.list() == []


async def test_name_of_a_token_is_its_owners_alone(
    accounts: Accounts, store: TokenStore
) -> None:
    """Two people may call their tokens the same; one of them may not do so twice."""
    ids = [
        (await accounts.create(NewPerson(name=name, role="viewer"), CONSOLE)).id
        for name in ("ada", "bob")
    ]
    await store.create("ci", "viewer")
    for owner in ids:
        await store.create_own("ci", owner, by=CONSOLE)
    with pytest.raises(DuplicateTokenError):
        await store.create_own("ci", ids[0], by=CONSOLE)
    with pytest.raises(UnknownItemError):
        await store.revoke((await store.list(ids[0]))[0].id, CONSOLE, ids[1])

    assert len(await store.list()) == 3
    assert len(await store.list(ids[0])) == 1


@pytest.mark.parametrize("grant", ["", "a b", "A:b", "a::b", ":", "a:b:", "*x", "ä:*"])
async def test_malformed_limit_is_refused(store: TokenStore, grant: str) -> None:
    """A limit that covers nothing would be a riddle later."""
    with pytest.raises(InvalidInputError):
        await store.create("ci", "viewer", limits=Limits([grant]))
    assert await store.list() == []
