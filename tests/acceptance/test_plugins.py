"""Plugins as pip brings them: good ones, broken ones, one that is only installed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest
from processes import ROOT, Command, Server

pytestmark = pytest.mark.timeout(120)

GOOD = ["consumption-monitor", "temperature-monitor"]
BROKEN = ["bad-import", "bad-manifest", "bad-migration", "bad-routes"]
MANIFEST = {
    "display_name": "Broken",
    "description": "Broken on purpose.",
    "core": ">=0.1",
}


def install(folder: Path, plugin: str, code: str, manifest: dict[str, object]) -> Path:
    """What pip would have written: a package and its metadata; answers the package."""
    name = plugin.replace("-", "_")
    package = folder / name
    package.mkdir(parents=True)
    marker = folder / f"{name}.imported"
    first = f"from pathlib import Path\nPath({str(marker)!r}).touch()\n"
    (package / "__init__.py").write_text(first + dedent(code))
    (package / "manifest.json").write_text(json.dumps({"id": plugin, **manifest}))
    metadata = folder / f"{name}-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: nxforge-{plugin}\nVersion: 1.0\n"
    )
    (metadata / "entry_points.txt").write_text(
        f"[nxforge.plugins]\n{plugin} = {name}\n"
    )
    return package


@pytest.fixture
def broken(command: Command, tmp_path: Path) -> Path:
    """Four plugins, each broken in its own way, on the import path."""
    folder = tmp_path / "site"
    install(folder, "bad-import", "raise RuntimeError('out of order')\n", MANIFEST)
    install(folder, "bad-manifest", "", {**MANIFEST, "displayname": "typo"})
    package = install(
        folder,
        "bad-migration",
        """
        from nxforge_core.api import MigrationsSpec, hookimpl

        @hookimpl
        def nxforge_migrations():
            return MigrationsSpec(__name__)
        """,
        MANIFEST,
    )
    (package / "migrations").mkdir()
    (package / "migrations/001_create_good.sql").write_text("create table good ();\n")
    (package / "migrations/002_create_bad.sql").write_text(
        "-- Never works.\ncreate table bad (\n    id nonsense\n);\n"
    )
    install(
        folder,
        "bad-routes",
        """
        from nxforge_core.api import RouteSpec, hookimpl

        async def first() -> str:
            return "first"

        async def second() -> str:
            return "second"

        @hookimpl
        def nxforge_routes():
            return [
                RouteSpec("GET", "/same", first, public=True),
                RouteSpec("GET", "/same", second, public=True),
            ]
        """,
        MANIFEST,
    )
    command.path = [str(folder)]
    return folder


@pytest.mark.usefixtures("broken")
def test_broken_plugins_are_explained_and_the_good_ones_serve(
    command: Command, serve: Callable[..., Server]
) -> None:
    """The host is ready; each of the four has phase, file and line of its failure."""
    names = ", ".join(f'"{name}"' for name in GOOD + BROKEN)
    command.config.write_text(f"[plugins]\nenable = [{names}]\n")
    server = serve()
    with server.client(command.token()) as client:
        ready = client.get("/health/ready")
        listed = client.get("/api/v1/plugins").json()["data"]
        live = client.get("/api/v1/m/consumption-monitor/live")
        temperatures = client.get("/api/v1/m/temperature-monitor/readings")
        closed = client.get("/api/v1/m/bad-routes/same")

    plugins = {one["id"]: one for one in listed}
    places = {
        name: (
            plugins[name]["state"],
            plugins[name]["reason"]["phase"],
            Path(plugins[name]["reason"]["file"]).name,
            plugins[name]["reason"]["line"],
        )
        for name in BROKEN
    }
    assert ready.status_code == 200
    assert live.status_code == 200
    assert temperatures.status_code == 200
    assert closed.status_code == 503
    assert closed.json()["success"] is False
    assert {plugins[name]["state"] for name in GOOD} == {"running"}
    assert places["bad-import"] == ("quarantined", "import", "__init__.py", 3)
    assert places["bad-manifest"][:3] == ("quarantined", "manifest", "manifest.json")
    assert places["bad-migration"] == (
        "quarantined", "migrate", "002_create_bad.sql", 3,
    )  # fmt: skip
    assert places["bad-routes"][:3] == ("quarantined", "validate", "__init__.py")
    assert isinstance(places["bad-routes"][3], int)


def test_installed_and_not_enabled_is_never_imported(
    command: Command, serve: Callable[..., Server], broken: Path
) -> None:
    """None of the four wrote the file that its import writes."""
    server = serve()
    listed = command.run("plugins", "list", "--json")
    with server.client(command.token()) as client:
        states = {
            one["id"]: one["state"]
            for one in client.get("/api/v1/plugins").json()["data"]
        }

    assert listed.returncode == 0
    assert set(BROKEN) <= set(states)
    assert states["bad-import"] == "disabled"
    assert list(broken.glob("*.imported")) == []


def test_minimal_plugin_is_listed_and_serves_once_enabled(
    command: Command, serve: Callable[..., Server], tmp_path: Path
) -> None:
    """Pip install, list, enable: its route answers; before that it did not."""
    site = tmp_path / "site"
    source = str(ROOT / "examples/minimal-plugin")
    subprocess.run(
        [
            sys.executable, "-m", "pip", "install", "-q", "--no-deps",
            "--no-build-isolation", "--target", str(site), source,
        ],
        check=True,
    )  # fmt: skip
    command.path = [str(site)]
    before = serve()
    with before.client() as client:
        closed = client.get("/api/v1/m/minimal/hello")
    before.stop()
    listed = command.run("plugins", "list")
    enabled = command.run("plugins", "enable", "minimal")
    after = serve()
    with after.client() as client:
        answer = client.get("/api/v1/m/minimal/hello", params={"name": "rack"})

    assert closed.status_code == 503
    assert "minimal" in listed.stdout
    assert enabled.returncode == 0
    assert answer.json() == {"success": True, "data": "Hello, rack!"}
