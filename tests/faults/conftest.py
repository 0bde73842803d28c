"""The matrix: options, the guard against empty proofs, and the table at the end."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
from hosts import Installation
from matrix import Fault, Line, VacuousError, table
from postmaster import Postmaster
from rack import Rack

LINES = pytest.StashKey[dict[str, Line]]()
SEED = pytest.StashKey[int]()
FAULT = pytest.StashKey[Fault]()

#: The property of a report that carries a row's line.
_LINE: Final = "fault_line"
#: Rows whose figures are seconds, or a ratio of them: none beside another of them.
_TIMED: Final = frozenset({"F1", "F4", "F12", "F13", "F15", "F16", "F18", "F19", "F20"})
#: Seconds of the longest other rows in their short form: they begin first.
_LONGEST: Final = {
    "F31": 60,
    "F30b": 50,
    "F1c": 45,
    "F2": 40,
    "F3": 35,
    "F25": 35,
    "F1b": 30,
    "F2b": 30,
    "F30": 30,
    "F1e": 25,
    "F24": 25,
    "F22": 20,
    "F2c": 20,
    "F27": 20,
    "F21": 15,
    "F5": 15,
    "F14": 15,
    "F23": 15,
}


class Ledger:
    """The newest line of each row, whichever process ran it."""

    def __init__(self) -> None:
        self.lines: dict[str, Line] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take the line that a report carries."""
        for name, value in report.user_properties:
            if name == _LINE:
                line = msgspec.convert(value, Line)
                self.lines[report.nodeid] = line


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say how much, with which chance, and whether with faults at all."""
    group = parser.getgroup("faults", "fault matrix")
    group.addoption("--full", action="store_true", help="all rows in full length")
    group.addoption("--seed", type=int, help="repeat the chances of a run")
    group.addoption(
        "--examples", type=int, help="of each kind and operation, in row F28"
    )
    group.addoption(
        "--no-fault",
        action="store_true",
        help="leave the faults out: each row's guard has to notice",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Announce the marker and draw the seed."""
    config.addinivalue_line(
        "markers",
        "fault(row, what, short, long, share=0.8): a row of the matrix; the fault is "
        "to be injected `short` or `long` times, a share of them has to land",
    )
    # Processes that share the rows share the seed of the one that controls them.
    given = getattr(config, "workerinput", {}).get(
        "seed", config.getoption("--seed", default=None)
    )
    drawn = random.SystemRandom().randrange(1 << 32)
    config.stash[SEED] = drawn if given is None else given
    ledger = Ledger()
    config.pluginmanager.register(ledger)
    config.stash[LINES] = ledger.lines


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a process that shares the rows the seed."""
    node.workerinput["seed"] = node.config.stash[SEED]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """In full a row may take an hour, in short two minutes; the longest come first."""
    full = config.getoption("--full", default=False)
    here = Path(__file__).parent
    for item in items:
        given = item.get_closest_marker("timeout")
        # A row's own limit is that of its short form; 0 is none in either.
        is_free = given is None or (full and given.args != (0,))
        if item.path.is_relative_to(here) and is_free:
            limit = pytest.mark.timeout(3600 if full else 120)
            item.add_marker(limit, append=False)
    items.sort(key=_seconds, reverse=True)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Have rows that measure seconds run by one process, one after the other."""
    if _row(item) in _TIMED:
        item.add_marker(pytest.mark.xdist_group("timed"))


def _seconds(item: pytest.Item) -> int:
    return _LONGEST.get(_row(item), 0)


def _row(item: pytest.Item) -> str:
    marker = item.get_closest_marker("fault")
    return marker.args[0] if marker else ""


def pytest_report_header(config: pytest.Config) -> str:
    """Print the seed."""
    return f"fault matrix: --seed {config.stash[SEED]}"


@pytest.fixture
def seed(pytestconfig: pytest.Config) -> int:
    """The seed of all chances."""
    return pytestconfig.stash[SEED]


@pytest.fixture
def fault(request: pytest.FixtureRequest, seed: int) -> Fault:
    """The row that the test's marker `fault` describes."""
    marker = request.node.get_closest_marker("fault")
    assert marker is not None, "a test of the matrix has the marker `fault`"
    made = _fault(request.config, seed, *marker.args, **marker.kwargs)
    request.node.stash[FAULT] = made
    return made


def _fault(  # noqa: PLR0913 - the marker's arguments
    config: pytest.Config,
    seed: int,
    row: str,
    what: str,
    *,
    short: int,
    long: int,
    share: float = 0.8,
) -> Fault:
    removed = config.getoption("--no-fault")
    full = config.getoption("--full")
    times = min(short, 2) if removed else long if full else short
    line = Line(row, what, needed=max(1, int(times * share)))
    chance = random.Random(f"{seed} {row}")  # noqa: S311 - not for secrets
    return Fault(line, times, chance, removed=removed)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Postmaster]:
    """A PostgreSQL of the matrix's own; rows that kill it start it again."""
    made = Postmaster(track_commit_timestamp="on")
    made.start()
    yield made
    made.remove()


@pytest.fixture
def postmaster(cluster: Postmaster) -> Iterator[Postmaster]:
    """It, running before and after the test."""
    yield cluster
    if cluster.process is None:
        cluster.start()


@pytest.fixture
def installation(postmaster: Postmaster, tmp_path: Path) -> Iterator[Installation]:
    """Processes on a database of their own that end with the test."""
    made = Installation(tmp_path / "installation", postmaster)
    yield made
    made.stop()


@pytest.fixture(scope="session")
def rack() -> Iterator[Rack]:
    """Twenty meters whose registers are known at any time."""
    made = Rack(20)
    yield made
    made.stop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Judge a row at its end; without its fault nothing but the guard may fail."""
    fault = item.stash.get(FAULT, None)
    try:
        yield
        if fault is not None:
            fault.judge()
    except VacuousError:
        if fault is None or not fault.removed:
            raise
        fault.line.result = "guard works"
        return
    if fault is not None:
        if fault.removed:
            pytest.fail(f"{fault.line.row}: without its fault the guard saw nothing")
        fault.line.result = "pass"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Note what failed or was skipped; the report carries the line to who prints it."""
    report = yield
    fault = item.stash.get(FAULT, None)
    if fault is not None:
        if report.failed or report.skipped:
            fault.line.result = "FAIL" if report.failed else "skipped"
        report.user_properties.append((_LINE, msgspec.to_builtins(fault.line)))
    return report


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the matrix."""
    lines = sorted(config.stash[LINES].values(), key=_by_number)
    if lines:
        terminalreporter.section(f"fault matrix, --seed {config.stash[SEED]}")
        for text in table(lines):
            terminalreporter.write_line(text)


def _by_number(line: Line) -> tuple[int, str]:
    digits = "".join(each for each in line.row if each.isdigit())
    return int(digits or 99), line.row
