"""A pool on the fresh database of a test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from nxforge_core.database import Pool, ServerAddress


@pytest.fixture
async def pool(database: ServerAddress) -> AsyncIterator[Pool]:
    """A pool with the host's login on the fresh database, schema `public`."""
    opened = Pool(database, search_path="public", application_name="test")
    yield opened
    await opened.close()
