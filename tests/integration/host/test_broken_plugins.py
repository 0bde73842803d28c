"""What becomes of plugins that cannot work: the host and the others do not suffer."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from distributions import Site

from nxforge_core.api import NxForgeError
from nxforge_core.host import Deadlines, NxForge
from nxforge_core.settings import PluginSettings

Start = Callable[..., Awaitable[Any]]

pytestmark = pytest.mark.usefixtures("meter")

HEAD = "from nxforge_core.api import *\n\n\n"
RAISES = 'x = 1\nraise RuntimeError("no luck")\n'
MIGRATES = HEAD + (
    "@hookimpl\ndef nxforge_migrations():\n    return MigrationsSpec(__package__)\n"
)
COLLIDES = HEAD + (
    "async def one() -> int:\n    return 1\n\n\n"
    "async def two() -> int:\n    return 2\n\n\n"
    "@hookimpl\ndef nxforge_routes():\n"
    '    return [RouteSpec("GET", "/same", one, public=True),\n'
    '            RouteSpec("GET", "/same", two, public=True)]\n'
)
GREET = HEAD + (
    "async def greet({parameters}) -> str:\n    return 'good day'\n\n\n"
    "@hookimpl\ndef nxforge_routes():\n"
    "    return [RouteSpec('GET', '{path}', greet, public=True)]\n"
)
HANGS = GREET.format(parameters="", path="/greet") + (
    "\nimport asyncio\nfrom contextlib import asynccontextmanager\n\n\n"
    "@hookimpl\n@asynccontextmanager\nasync def nxforge_lifespan(ctx):\n"
    "    await asyncio.Event().wait()\n    yield\n"
)


def install_broken(site: Site) -> None:
    """The four broken plugins of the promise."""
    site.add("raises", RAISES)
    site.add("garbled", "", manifest='{"id": "garbled", "colour": 1}')
    site.add(
        "unlucky",
        MIGRATES,
        files={
            "migrations/001_create_it.sql": "create table it (id int);",
            "migrations/002_spoil_it.sql": "select 1;\nselect nothing from nowhere;",
        },
    )
    site.add("colliding", COLLIDES)


async def test_broken_plugins_are_explained_and_good_ones_serve(
    start: Start, site: Site
) -> None:
    """Each of four broken plugins has phase, file and line; the good two answer."""
    install_broken(site)
    site.add("greeter", GREET.format(parameters="", path="/greet"))

    host = await start("raises", "garbled", "unlucky", "colliding", "meter", "greeter")
    headers = await host.bearer("operator")
    listed = (await host.client.get("/api/v1/plugins", headers=headers)).json()["data"]
    ready = await host.client.get("/health/ready")
    hello = await host.client.get("/api/v1/m/meter/hello")
    greet = await host.client.get("/api/v1/m/greeter/greet")

    found = {each["id"]: each for each in listed}
    assert ready.status_code == 200
    assert (hello.json()["data"], greet.json()["data"]) == ("hello", "good day")
    assert found["meter"]["state"] == found["greeter"]["state"] == "running"
    expected = {
        "raises": ("import", "plugin.py", 2, "no luck"),
        "garbled": ("manifest", "manifest.json", 1, "colour"),
        "unlucky": ("migrate", "002_spoil_it.sql", 2, "nowhere"),
        "colliding": ("validate", "plugin.py", 8, "/same"),
    }
    for name, (phase, file, line, said) in expected.items():
        reason = found[name]["reason"]
        assert found[name]["state"] == "quarantined"
        assert (reason["phase"], Path(reason["file"]).name) == (phase, file), reason
        assert reason["line"] == line, reason
        assert said in reason["message"]
        answer = await host.client.get(f"/api/v1/m/{name}/anything")
        assert answer.status_code == 503
        assert said not in answer.text


async def test_failing_migration_leaves_no_table(start: Start, site: Site) -> None:
    """A failing migration takes back those before it."""
    install_broken(site)

    host = await start("unlucky", "meter")
    tables = await host.running.core.database.fetch(
        "select table_schema from information_schema.tables where table_name = 'it'"
    )

    assert tables == []


async def test_disabled_plugins_are_not_imported(start: Start, site: Site) -> None:
    """A plugin that is not enabled is listed and its code is never run."""
    witness = site.folder / "imported"
    source = f"open({str(witness)!r}, 'w').close()\n"
    site.add("quiet", source)
    install_broken(site)

    host = await start()
    headers = await host.bearer("admin")
    listed = (await host.client.get("/api/v1/plugins", headers=headers)).json()["data"]

    states = {each["id"]: each["state"] for each in listed}
    assert states["quiet"] == states["raises"] == states["colliding"] == "disabled"
    assert not witness.exists()
    assert not any(name.startswith("cast_") for name in sys.modules)


async def test_enabling_in_the_database_is_remembered_and_forgiven(
    start: Start,
) -> None:
    """An admin's word counts at the next start, and not if the plugin is gone."""
    first = await start()
    await first.running.core.database.execute(
        "insert into plugin (id, distribution, version, enabled) values"
        " ('meter', 'nxforge-meter', '1.0', true), ('gone', 'nxforge-gone', '1', true)"
    )

    second = await start()

    hello = await second.client.get("/api/v1/m/meter/hello")
    assert hello.status_code == 200, hello.text


async def test_unknown_plugin_in_the_settings_stops_the_start(
    make: Callable[..., NxForge],
) -> None:
    """The settings name a plugin that nobody installed: one error, by its name."""
    with pytest.raises(NxForgeError, match="consumtion"):
        await make("consumtion").start()


@pytest.mark.parametrize(
    ("parameters", "path", "said"),
    [
        ("state: str", "/greet", "'state'"),
        ("headers: str", "/greet", "'headers'"),
        ("number: int", "/greet/{number:int}/{number:int}", "greet"),
    ],
)
async def test_route_that_litestar_refuses_is_explained(
    start: Start, site: Site, parameters: str, path: str, said: str
) -> None:
    """A route that is well-formed and cannot be mounted names itself and its place."""
    site.add("odd", GREET.format(parameters=parameters, path=path))

    host = await start("odd")
    headers = await host.bearer("admin")
    data = (await host.client.get("/api/v1/plugins/odd", headers=headers)).json()[
        "data"
    ]

    assert data["state"] == "quarantined"
    assert data["reason"]["phase"] == "validate"
    assert data["reason"]["message"].startswith(f"route GET {path}: cast_odd")
    assert said in data["reason"]["message"]
    assert Path(data["reason"]["file"]).name == "plugin.py"
    assert data["reason"]["line"] == 4


async def test_paths_that_mean_the_same_are_refused(start: Start, site: Site) -> None:
    """Two routes that differ in a parameter's type only are no two routes."""
    source = COLLIDES.replace('"/same", one', '"/{a:int}", one').replace(
        '"/same", two', '"/{b:str}", two'
    )
    source = source.replace("one()", "one(a: int)").replace("two()", "two(b: str)")
    site.add("twice", source)

    host = await start("twice")
    plugin = host.running.inventory["twice"]

    assert plugin.state == "quarantined"
    assert "/{a:int}" in plugin.problem.message
    assert "/{b:str}" in plugin.problem.message


async def test_hanging_start_is_quarantined_within_its_deadline(
    start: Start, site: Site
) -> None:
    """A life span that never begins costs its deadline and its own plugin."""
    site.add("hanging", HANGS)

    host = await start("hanging", "meter", deadlines=Deadlines(start=0.2))

    plugin = host.running.inventory["hanging"]
    assert (plugin.state, plugin.problem.phase) == ("quarantined", "start")
    assert "0.2 s" in plugin.problem.message
    assert host.running.inventory["meter"].state == "running"


async def test_plugin_setting_that_does_not_fit_is_named(start: Start) -> None:
    """A value for a plugin without settings quarantines it and names the key."""
    host = await start("meter", plugin={"meter": {"colour": "red"}})

    plugin = host.running.inventory["meter"]
    assert plugin.state == "quarantined"
    assert "colour" in plugin.problem.message


async def test_dependent_falls_with_what_it_requires(start: Start, site: Site) -> None:
    """A plugin whose requirement fails while it starts is quarantined with it."""
    install_broken(site)
    site.add(
        "heir",
        GREET.format(parameters="", path="/greet"),
        manifest={"requires": {"unlucky": ">=1"}},
    )

    host = await start("heir", "unlucky", "meter")

    plugin = host.running.inventory["heir"]
    assert plugin.state == "quarantined"
    assert "unlucky" in plugin.problem.message


async def test_required_plugin_that_fails_makes_the_host_unready(
    start: Start, site: Site
) -> None:
    """A host without a plugin it requires serves and says that it is not ready."""
    install_broken(site)
    settings = PluginSettings(enable=("unlucky",), required=("unlucky",))

    host = await start(plugins=settings)
    ready = await host.client.get("/health/ready")
    alive = await host.client.get("/health/live")

    assert (ready.status_code, alive.status_code) == (503, 200)
    assert "unlucky not running" in ready.json()["detail"]
