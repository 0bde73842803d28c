"""A real PostgreSQL for whichever test wants one, and an empty database for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from nxforge_core.database import ServerAddress
from nxforge_core.testing import Databases, running_server

__all__ = ["database", "databases", "server"]


@pytest.fixture(scope="session")
def server() -> Iterator[ServerAddress]:
    """A running server, shared by the whole run: make nothing in it but databases."""
    with running_server() as address:
        yield address


@pytest.fixture(scope="session")
def databases(server: ServerAddress) -> Iterator[Databases]:
    """What makes databases on it."""
    made = Databases(server)
    yield made
    made.close()


@pytest.fixture
def database(databases: Databases) -> Iterator[ServerAddress]:
    """A fresh, empty database; it and the roles made for it go with the test."""
    address = databases.make()
    yield address
    databases.drop(address)
