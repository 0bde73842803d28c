"""Fixtures for the tests of plugins, and `--nxforge-plugin`.

Every run of pytest in the environment loads this module, most of them for something
else: nothing of the host is imported before somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from nxforge_core.database import ServerAddress
    from nxforge_core.kit import Report, Verdict
    from nxforge_core.testing import Device, FrozenClock, Hosts

__all__ = [
    "CheckItem",
    "PluginChecks",
    "nxforge_clock",
    "nxforge_device",
    "nxforge_host",
    "nxforge_server",
    "pytest_addoption",
    "pytest_collection_modifyitems",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that brings the conformance kit."""
    parser.getgroup("nxforge").addoption(
        "--nxforge-plugin",
        action="append",
        default=[],
        metavar="PLUGIN",
        help="Judge a plugin as `nxforge check` does: its id, folder or wheel.",
    )


def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """One item for each check of each plugin that is named."""
    for plugin in config.getoption("--nxforge-plugin"):
        name = str(plugin)
        checks = PluginChecks.from_parent(session, name=name, nodeid=f"nxforge {name}")
        items.extend(checks.collect())


class PluginChecks(pytest.Collector):
    """The checks of one plugin, which is examined once, when the first of them runs."""

    _report: Report | None = None

    def collect(self) -> list[pytest.Item]:
        """An item for each check."""
        from nxforge_core.kit import CHECKS  # noqa: PLC0415

        return [CheckItem.from_parent(self, name=check.name) for check in CHECKS]

    def verdict(self, check: str) -> Verdict:
        """What came of one check."""
        report = self._report = self._report or self._examine()
        return next(each for each in report.verdicts if each.check == check)

    def _examine(self) -> Report:
        import asyncio  # noqa: PLC0415

        from nxforge_core.kit import CHECKS, examine, open_subject  # noqa: PLC0415
        from nxforge_core.testing import running_server  # noqa: PLC0415

        with open_subject(self.name) as subject, running_server() as server:
            return asyncio.run(examine(subject, server, CHECKS))


class CheckItem(pytest.Item):
    """One check of one plugin."""

    def runtest(self) -> None:
        """Fail with what was found; skip what was not reached."""
        verdict = self.getparent(PluginChecks).verdict(self.name)  # type: ignore[union-attr]  # it is made by one
        if verdict.state == "unreached":
            pytest.skip("another check has to be kept first")
        if verdict.findings:
            pytest.fail("\n".join(map(_words, verdict.findings)), pytrace=False)

    def reportinfo(self) -> tuple[str, None, str]:
        """Where: nowhere in a file."""
        return "", None, f"{self.parent.name if self.parent else ''}: {self.name}"


def _words(finding: Any) -> str:
    place = f" ({finding.file}:{finding.line})" if finding.file else ""
    hint = f"\n  hint: {finding.remedy}" if finding.remedy else ""
    return f"{finding.message}{place}{hint}"


@pytest.fixture(scope="session")
def nxforge_server() -> Iterator[ServerAddress]:
    """A PostgreSQL for the whole run: make nothing in it but databases."""
    from nxforge_core.testing import running_server  # noqa: PLC0415

    with running_server() as address:
        yield address


@pytest.fixture(scope="session")
def nxforge_host(nxforge_server: ServerAddress) -> Iterator[Hosts]:
    """What starts hosts with chosen plugins, each on a database of its own."""
    from nxforge_core.testing import Hosts  # noqa: PLC0415

    hosts = Hosts(nxforge_server)
    yield hosts
    hosts.close()


@pytest.fixture
def nxforge_clock() -> FrozenClock:
    """A clock that goes only when it is told to."""
    from nxforge_core.testing import FrozenClock  # noqa: PLC0415

    return FrozenClock()


@pytest.fixture
def nxforge_device() -> Iterator[Device]:
    """A device on loopback that answers as the test says."""
    from nxforge_core.testing import Device  # noqa: PLC0415

    with Device() as device:
        yield device
