"""Tokens without a database: their text, the memory of recent answers, their cost."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn, TypeVar

import pytest

from nxforge_core.api import Connection, Record
from nxforge_core.security import NewToken, StoredToken, TokenStore
from nxforge_core.security._recent import Recent
from nxforge_core.security._token_text import digest, is_well_formed, new_text

T = TypeVar("T")

_START = datetime(2026, 1, 1, tzinfo=UTC)


class HandClock:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        """The instant."""
        return _START + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        """Seconds."""
        return self.seconds


class CountingDatabase:
    """Answers look-ups from a dictionary and counts them; writes are kept or fail."""

    def __init__(self, stored: dict[bytes, StoredToken]) -> None:
        self.stored = stored
        self.queries = 0
        self.written: list[Sequence[object]] = []
        self.broken = False

    async def structs(self, row: type[T], sql: str, *args: object) -> list[T]:
        """Find by hash."""
        assert sql
        self.queries += 1
        found = self.stored.get(bytes(args[0]))  # type: ignore[call-overload]  # a hash
        return [found] if isinstance(found, row) else []

    async def execute(self, sql: str, *args: object) -> str:
        """Keep what is written."""
        assert sql
        if self.broken:
            raise ConnectionError
        self.written.append(args)
        return "UPDATE 1"

    async def executemany(self, sql: str, rows: Sequence[Sequence[object]]) -> NoReturn:
        """Not asked for."""
        raise NotImplementedError(sql, rows)

    async def fetch(self, sql: str, *args: object) -> list[Record]:
        """One row was revoked."""
        self.stored.clear()
        return [{"id": 1, "name": "ci", "hint": "nxf_abcd", "args": (sql, args)}]

    async def fetchrow(self, sql: str, *args: object) -> NoReturn:
        """Not asked for."""
        raise NotImplementedError(sql, args)

    async def fetchval(self, sql: str, *args: object) -> Any:
        """Not asked for."""
        raise NotImplementedError(sql, args)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Nothing is ever rolled back here."""
        yield self


def _token(expires_at: datetime | None = None) -> StoredToken:
    return StoredToken(
        id=1,
        name="ci",
        owner=None,
        holder=None,
        role="viewer",
        grants=None,
        permissions=None,
        plugins=None,
        hint="nxf_abcd",
        created_at=_START,
        expires_at=expires_at,
        last_used_at=None,
    )


@pytest.fixture
def clock() -> HandClock:
    """Time at hand."""
    return HandClock()


def test_new_texts_are_well_formed_and_differ() -> None:
    """A token is recognisable, of one length, and never the same twice."""
    texts = {new_text() for _ in range(100)}
    assert len(texts) == 100
    assert {len(text) for text in texts} == {37}
    assert all(text.startswith("nxf_") and text[4:].isalnum() for text in texts)
    assert all(map(is_well_formed, texts))


def test_mistyped_text_is_no_token() -> None:
    """The checksum finds each single wrong character."""
    text = new_text()
    for place in range(len(text)):
        other = "A" if text[place] != "A" else "B"
        assert not is_well_formed(text[:place] + other + text[place + 1 :])


@pytest.mark.parametrize(
    "text", ["", "nxf_", "nxf_" + "ä" * 33, "Bearer x", "x" * 9999]
)
async def test_text_of_another_form_costs_no_query(clock: HandClock, text: str) -> None:
    """Nonsense is refused before the database hears of it."""
    database = CountingDatabase({})
    assert await TokenStore(database, clock).authenticate(text) is None
    assert database.queries == 0


async def test_known_token_costs_one_query_in_two_seconds(clock: HandClock) -> None:
    """Requests in between are answered from memory."""
    text = new_text()
    database = CountingDatabase({digest(text): _token()})
    store = TokenStore(database, clock)
    for _ in range(100):
        assert await store.authenticate(text) == _token()
    assert database.queries == 1
    clock.seconds = 2
    await store.authenticate(text)
    assert database.queries == 2


async def test_unknown_token_costs_one_query_in_two_seconds(clock: HandClock) -> None:
    """Refusals are remembered as well, and forgotten as fast."""
    text = new_text()
    database = CountingDatabase({})
    store = TokenStore(database, clock)
    for _ in range(100):
        assert await store.authenticate(text) is None
    assert database.queries == 1
    clock.seconds = 2
    database.stored[digest(text)] = _token()
    assert await store.authenticate(text) == _token()


async def test_flood_of_unknown_tokens_pushes_no_known_one_out(
    clock: HandClock,
) -> None:
    """Guessing costs the guesser's queries, not those of other callers."""
    text = new_text()
    database = CountingDatabase({digest(text): _token()})
    store = TokenStore(database, clock)
    await store.authenticate(text)
    for _ in range(2000):
        await store.authenticate(new_text())
    before = database.queries
    assert await store.authenticate(text) == _token()
    assert database.queries == before


async def test_token_expires_while_it_is_remembered(clock: HandClock) -> None:
    """Expiry is judged at each request, not when the answer was stored."""
    text = new_text()
    expires = _START + timedelta(seconds=1)
    store = TokenStore(CountingDatabase({digest(text): _token(expires)}), clock)
    assert await store.authenticate(text) is not None
    clock.seconds = 1
    assert await store.authenticate(text) is None


async def test_revoked_token_is_forgotten_at_once(clock: HandClock) -> None:
    """The process that revokes does not answer from memory."""
    text = new_text()
    store = TokenStore(CountingDatabase({digest(text): _token()}), clock)
    await store.authenticate(text)
    await store.revoke("ci")
    assert await store.authenticate(text) is None


class RacingDatabase(CountingDatabase):
    """Somebody revokes the token between a look-up and its answer."""

    async def structs(self, row: type[T], sql: str, *args: object) -> list[T]:
        """What was there before."""
        found = await super().structs(row, sql, *args)
        if found:
            await self.store.revoke(1)
        return found

    store: TokenStore


async def test_token_revoked_while_it_is_looked_up_is_not_remembered(
    clock: HandClock,
) -> None:
    """An answer from before the revocation is for the request that waited for it."""
    text = new_text()
    database = RacingDatabase({digest(text): _token()})
    database.store = store = TokenStore(database, clock)
    first = await store.authenticate(text)
    second = await store.authenticate(text)

    assert (first, second) == (_token(), None)


async def test_last_use_is_written_by_flush_only(clock: HandClock) -> None:
    """Requests write nothing; a flush writes the last instant of each token."""
    text = new_text()
    database = CountingDatabase({digest(text): _token()})
    store = TokenStore(database, clock)
    await store.authenticate(text)
    clock.seconds = 1
    await store.authenticate(text)
    assert database.written == []
    await store.flush()
    await store.flush()
    assert database.written == [([1], [_START + timedelta(seconds=1)])]


async def test_failed_flush_loses_nothing(clock: HandClock) -> None:
    """What could not be written is written the next time."""
    text = new_text()
    database = CountingDatabase({digest(text): _token()})
    database.broken = True
    store = TokenStore(database, clock)
    await store.authenticate(text)
    with pytest.raises(ConnectionError):
        await store.flush()
    database.broken = False
    await store.flush()
    assert database.written == [([1], [_START])]


def test_repr_of_a_new_token_hides_its_text() -> None:
    """A log line that holds it gives nothing away."""
    text = new_text()
    assert text not in repr(NewToken(1, "ci", None, text))


def test_answer_from_before_everything_was_forgotten_is_not_remembered() -> None:
    """Whoever asked before that may put the answer; it is not kept."""
    memory = Recent[int](2.0, 3, lambda: 0.0)
    asked = memory.cleared
    memory.clear()
    memory.put(b"old", 1, asked)
    memory.put(b"new", 2, memory.cleared)

    assert (memory.get(b"old"), memory.get(b"new")) == (None, 2)


def test_memory_is_bounded_and_drops_the_oldest() -> None:
    """The size never passes the limit."""
    memory = Recent[int](2.0, 3, lambda: 0.0)
    for number in range(5):
        memory.put(bytes([number]), number)
    assert len(memory) == 3
    assert memory.get(bytes([1])) is None
    assert memory.get(bytes([4])) == 4
