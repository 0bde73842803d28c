"""One Chromium for the tests of a file, and sites of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from pages import Site, make_browser, require_browser

from nxforge_core.services.browser import PooledBrowser


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where Chromium's runs have their folders."""
    return tmp_path_factory.mktemp("browser")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser(folder: Path) -> AsyncIterator[PooledBrowser]:
    """The host's, allowed to visit the sites and nothing else."""
    require_browser()
    made = make_browser(folder)
    yield made
    await made.close()


@pytest_asyncio.fixture(loop_scope="module")
async def site() -> AsyncIterator[Site]:
    """A server of pages that may be visited."""
    made = Site()
    await made.start()
    yield made
    await made.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def stranger() -> AsyncIterator[Site]:
    """A server of this machine that no page may reach."""
    made = Site()
    await made.start("127.0.0.1")
    yield made
    await made.stop()
