"""Plugins on disk, and the kit on a real server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path

import pytest
from distributions import Site

from nxforge_core.database import ServerAddress
from nxforge_core.host import Deadlines
from nxforge_core.kit import CHECKS, Check, Report, Subject, examine

Judge = Callable[..., Awaitable[Report]]

DEADLINES = Deadlines(load=2.0, start=0.5, cancel=0.2)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """An empty site-packages folder on the path."""
    made = Site(tmp_path / "site")
    monkeypatch.syspath_prepend(str(made.folder))
    yield made
    made.forget()


@pytest.fixture
def judge(site: Site, server: ServerAddress) -> Judge:
    """Have the kit examine a plugin of the site."""

    async def examined(plugin: str, checks: Sequence[Check] = CHECKS) -> Report:
        site.forget()
        found = site.distributions()
        subject = Subject(id=plugin, distributions=found)
        return await examine(subject, server, checks, DEADLINES)

    return examined
