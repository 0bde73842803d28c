"""Plugins that follow their files while somebody writes them."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from distributions import Site

from nxforge_core.cli._dev_loop import DevLoop

Start = Callable[..., Awaitable[Any]]

SOURCE = """
from nxforge_core.api import *


async def tell(ctx: PluginContext) -> str:
    return "first"


@hookimpl
def nxforge_routes():
    return [RouteSpec("GET", "/tell", tell, public=True)]


@hookimpl
def nxforge_migrations():
    return MigrationsSpec(__package__)


@hookimpl
def nxforge_pages():
    return [
        ui.Page(
            name="start",
            title="Pump",
            public=True,
            body=[ui.Custom(module="dial.js", title="Dial", fallback="None")],
        )
    ]
"""
FILES = {
    "ui/dial.js": "export default () => {};",
    "migrations/001_create_drop.sql": "create table drop_ (n int);",
}
TELL = "/api/v1/m/pump/tell"


@pytest.fixture
def core(tmp_path: Path) -> Path:
    """What stands for the host's own code."""
    folder = tmp_path / "core"
    folder.mkdir()
    return folder


@pytest.fixture
async def at_work(
    start: Start, site: Site, core: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Any, Path, DevLoop]:
    """A host with one plugin, the plugin's folder, and the loop that looked once."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    folder = site.add("pump", SOURCE, files=FILES)
    host = await start("pump")
    loop = DevLoop(host.running, core)
    await loop.look()
    return host, folder, loop


async def test_python_and_sql_are_read_anew(
    at_work: tuple[Any, Path, DevLoop], capsys: pytest.CaptureFixture[str]
) -> None:
    """A saved module answers, and finds what a new migration made."""
    host, folder, loop = at_work
    new = SOURCE.replace(
        'return "first"', 'return str(await ctx.db.fetchval("select litres from tank"))'
    )
    (folder / "plugin.py").write_text(new)
    more = "create table tank (litres int); insert into tank values (40);"
    (folder / "migrations" / "002_create_tank.sql").write_text(more)

    await loop.look()

    assert (await host.client.get(TELL)).json()["data"] == "40"
    said = capsys.readouterr().out
    assert said.startswith(
        "pump: migrations/002_create_tank.sql, plugin.py changed: reloaded in "
    )


async def test_module_of_a_page_is_sent_without_a_new_start(
    at_work: tuple[Any, Path, DevLoop],
) -> None:
    """Browsers are told of another edition; the plugin goes on as it is."""
    host, folder, loop = at_work
    before, started = host.running.edition, host.running.started["pump"]
    (folder / "ui" / "dial.js").write_text("export default () => 'new';")

    await loop.look()

    base = host.running.modules_of("pump").base
    headers = await host.bearer("viewer")
    sent = await host.client.get(f"{base}dial.js", headers=headers)
    assert sent.text == "export default () => 'new';"
    assert host.running.edition != before
    assert host.running.started["pump"] is started


async def test_mistake_is_told_and_mended(
    at_work: tuple[Any, Path, DevLoop], capsys: pytest.CaptureFixture[str]
) -> None:
    """A module that cannot be read is said with its place; the next change mends it."""
    host, folder, loop = at_work
    (folder / "plugin.py").write_text(SOURCE + "\ndef broken(:\n")
    await loop.look()
    closed = await host.client.get(TELL)
    said = capsys.readouterr().err
    (folder / "plugin.py").write_text(SOURCE.replace("first", "second one"))
    await loop.look()

    assert closed.status_code == 503
    assert said.startswith("pump: plugin.py changed: it does not run: ")
    assert "plugin.py:" in said
    assert (await host.client.get(TELL)).json()["data"] == "second one"


async def test_change_of_the_host_itself_asks_for_a_new_start(
    at_work: tuple[Any, Path, DevLoop],
    core: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Code that everything holds is not read anew, and that is said."""
    _, _, loop = at_work
    (core / "part.py").write_text("")

    await loop.look()

    said = capsys.readouterr().out
    assert said == "nxforge_core: part.py changed: start again to run it\n"
