"""The core's tables and a clock that a test moves."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from core_tables import StoppedClock, migration_texts

from nxforge_core.database import Pool, ServerAddress
from nxforge_core.security import TokenStore
from nxforge_core.security.people import Accounts, Entrance, Links, Logins, Sessions


@pytest.fixture
async def pool(database: ServerAddress) -> AsyncIterator[Pool]:
    """The core's pool on a schema with all of its tables."""
    made = Pool(database, search_path="nxforge", size=10)
    await made.execute("create schema nxforge")
    for text in migration_texts():
        await made.execute(text)
    yield made
    await made.close()


@pytest.fixture
def clock() -> StoppedClock:
    """Time at hand."""
    return StoppedClock()


@pytest.fixture
def store(pool: Pool, clock: StoppedClock) -> TokenStore:
    """Tokens on real tables."""
    return TokenStore(pool, clock)


@pytest.fixture
def accounts(pool: Pool, clock: StoppedClock) -> Accounts:
    """People on real tables."""
    return Accounts(pool, clock)


@pytest.fixture
def links(pool: Pool, clock: StoppedClock) -> Links:
    """Links on real tables."""
    return Links(pool, clock)


@pytest.fixture
def sessions(pool: Pool, clock: StoppedClock) -> Sessions:
    """Sessions of two hours, a day at the most."""
    return Sessions(pool, clock, 7200, 86_400)


@pytest.fixture
def logins(pool: Pool, clock: StoppedClock, sessions: Sessions) -> Logins:
    """Log-ins on real tables."""
    return Logins(pool, clock, sessions, 12, ["nxforge", "rack-host"])


@pytest.fixture
def entrance(
    pool: Pool, clock: StoppedClock, sessions: Sessions, logins: Logins
) -> Entrance:
    """The ways in that begin with a link."""
    return Entrance(pool, clock, sessions, logins)
