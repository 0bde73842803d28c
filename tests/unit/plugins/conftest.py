"""Throw-away distributions on disk, as pip would leave them."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import pytest

from nxforge_core.plugins import (
    Candidate,
    Inventory,
    Problem,
    check_installed,
    discover,
    load,
    survey,
)

CORE = "0.3.0"
NOW = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)

GOOD = """
from contextlib import asynccontextmanager

import click
import msgspec

from nxforge_core.api import *


class Reading(Body):
    value: int


class Settings(msgspec.Struct, frozen=True):
    every: int = 5


async def show(ctx: PluginContext, number: int) -> str:
    return "shown"


async def store(ctx: PluginContext, data: Reading) -> str:
    return "stored"


async def collect(ctx, params):
    return None


async def check(ctx):
    return Health("ok")


async def figures(ctx):
    return []


@hookimpl
def nxforge_routes():
    return [
        RouteSpec("GET", "/readings/{number:int}", show, public=True),
        RouteSpec("POST", "/readings", store, permission="good:readings:write"),
    ]


@hookimpl
def nxforge_jobs():
    return [
        JobSpec(name="collect", title="Collect", handler=collect,
                trigger=Every(minutes=5)),
        JobSpec(name="clean-up", title="Clean up", handler=collect,
                trigger=Cron("15 3 * * 1-5", zone="Europe/Berlin")),
    ]


@hookimpl
def nxforge_migrations():
    return MigrationsSpec(__package__)


@hookimpl
def nxforge_settings():
    return SettingsSpec(Settings)


@hookimpl
def nxforge_pages():
    body = [ui.Text("Meters"), ui.Stats("Now", figures)]
    return [ui.Page(name="start", title="Start", body=body, public=True)]


async def told(ctx, event):
    return None


@hookimpl
def nxforge_events():
    return [SubscriptionSpec("job.failed", told)]


@hookimpl
def nxforge_health():
    return [HealthSpec("meters", check)]


@hookimpl
@asynccontextmanager
async def nxforge_lifespan(ctx):
    yield


@hookimpl
def nxforge_commands():
    return [CommandSpec(click.Command("greet", callback=lambda: "hello"))]
"""


class StillClock:
    """A clock that stands still for the date and ticks a second per question."""

    def __init__(self) -> None:
        self.ticks = 0.0

    def now(self) -> datetime:
        """Always the same instant."""
        return NOW

    def monotonic(self) -> float:
        """A second later each time."""
        self.ticks += 1.0
        return self.ticks


@pytest.fixture
def clock() -> StillClock:
    """A clock that needs no waiting."""
    return StillClock()


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty site-packages folder on the path; what it gave is forgotten after."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    before = set(sys.modules)
    yield folder
    for name in set(sys.modules) - before:
        file = getattr(sys.modules[name], "__file__", None) or ""
        if file.startswith(str(folder)) or name.partition(".")[0].startswith("thrown_"):
            del sys.modules[name]


@pytest.fixture
def install(site: Path) -> Callable[..., Path]:
    """Write a distribution with one plugin; answers the folder of its package.

    The package is `thrown_<id>`, the distribution `nxforge-<id>`. `manifest` adds to
    a good manifest, or is the whole text, or None for no file. Line `# here` of the
    source is where a test expects the fault.
    """

    def write(
        plugin: str,
        source: str = "",
        *,
        manifest: Mapping[str, object] | str | None = None,
        files: Mapping[str, str] | None = None,
        **told: str,
    ) -> Path:
        package = told.get("package", f"thrown_{plugin.replace('-', '_')}")
        folder = site / package
        (folder / "migrations").mkdir(parents=True, exist_ok=True)
        texts = {"__init__.py": "", "plugin.py": source, **(files or {})}
        if manifest is None or isinstance(manifest, Mapping):
            texts["manifest.json"] = _manifest(plugin, manifest or {})
        else:
            texts["manifest.json"] = manifest
        for name, text in texts.items():
            (folder / name).write_text(text, "utf-8")
        _dist_info(site, plugin, package, told)
        importlib.invalidate_caches()
        return folder

    return write


@pytest.fixture
def install_good(install: Callable[..., Path]) -> Callable[[], Path]:
    """Install the plugin `good`, which uses every hook and has no fault."""

    def write() -> Path:
        permission = {"name": "good:readings:write", "description": "Write."}
        return install(
            "good",
            GOOD,
            manifest={
                "permissions": [permission],
                "events": {"listens": ["job.*"]},
            },
            files={"migrations/001_create_reading.sql": "select 1;"},
        )

    return write


@pytest.fixture
def find(
    site: Path, clock: StillClock
) -> Callable[[], tuple[Candidate | Problem, ...]]:
    """Discover what lies in the site folder."""

    def look() -> tuple[Candidate | Problem, ...]:
        installed = metadata.distributions(path=[str(site)])
        return discover(installed, clock=clock, reserved=("serve", "plugins"))

    return look


@pytest.fixture
def boot(
    find: Callable[[], tuple[Candidate | Problem, ...]], clock: StillClock
) -> Callable[..., Inventory]:
    """Discover and load; the arguments are the enabled ids."""

    def start(*enable: str) -> Inventory:
        found = find()
        check_installed(found, enable)
        surveyed = survey(found, enable=enable, core_version=CORE, clock=clock)
        return load(surveyed, clock)

    return start


@pytest.fixture
def judge(
    install: Callable[..., Path],
    install_good: Callable[[], Path],
    boot: Callable[..., Inventory],
) -> Callable[..., Problem]:
    """Load a plugin `bad` beside the good one; answers the problem of the bad one."""

    def run(source: str, **told: object) -> Problem:
        install("bad", source, **told)
        install_good()
        inventory = boot("bad", "good")
        assert inventory["good"].state == "enabled", inventory["good"].problem
        assert len(inventory["good"].specs.routes) == 2
        assert inventory["bad"].state == "quarantined"
        problem = inventory["bad"].problem
        assert problem is not None
        assert (problem.plugin, problem.distribution) == ("bad", "nxforge-bad")
        return problem

    return run


@pytest.fixture
def here(site: Path) -> Callable[[], tuple[str, int]]:
    """File and line of the comment `# here` in what was installed."""

    def look() -> tuple[str, int]:
        hits = [
            (str(file), number)
            for file in sorted(site.rglob("*.py"))
            for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
            if line.endswith("# here")
        ]
        (hit,) = hits
        return hit

    return look


def _manifest(plugin: str, more: Mapping[str, object]) -> str:
    fields = {
        "id": plugin,
        "display_name": plugin.title(),
        "description": "Made by a test.",
        "core": ">=0.1,<1",
    }
    return json.dumps({**fields, **more}, indent=2)


def _dist_info(site: Path, plugin: str, package: str, told: Mapping[str, str]) -> None:
    name, version = (
        told.get("distribution", f"nxforge-{plugin}"),
        told.get("version", "1.0"),
    )
    folder = site / f"{name.replace('-', '_')}-{version}.dist-info"
    folder.mkdir()
    text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    (folder / "METADATA").write_text(told.get("metadata", text), "utf-8")
    value = told.get("value", f"{package}.plugin")
    entry = f"[nxforge.plugins]\n{told.get('entry', plugin)} = {value}\n"
    (folder / "entry_points.txt").write_text(told.get("entry_points", entry), "utf-8")
