"""Plugins that take the process with them: the next one starts without them."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from distributions import Site

from nxforge_core.api import PluginId
from nxforge_core.builtin import plugin as plugin_zero
from nxforge_core.host.lifecycle import Journal, try_out
from nxforge_core.host.lifecycle._journal import read_deaths
from nxforge_core.plugins import Candidate, discover
from nxforge_core.services import SystemClock
from nxforge_core.settings import Settings

#: Processes that import everything: on a busy machine they take their time.
pytestmark = [pytest.mark.patient, pytest.mark.timeout(90)]

GOOD = """
from nxforge_core.api import *


async def tell() -> str:
    return "here"


@hookimpl
def nxforge_routes():
    return [RouteSpec("GET", "/tell", tell, public=True)]
"""
STARTS = """
import ctypes
import os
from contextlib import asynccontextmanager

from nxforge_core.api import *


@hookimpl
@asynccontextmanager
async def nxforge_lifespan(ctx):
    {deed}
    yield
"""
#: A host that owns its process, starts, and tells how its plugins are.
HOST = """
import asyncio, json, os, sys
from pathlib import Path

from nxforge_core.host import Deadlines, NxForge
from nxforge_core.settings import (
    DatabaseSettings,
    JobSettings,
    PluginSettings,
    Settings,
)


class Process:
    def restart(self):
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


async def main(url, data, *enable):
    settings = Settings(
        data_dir=Path(data),
        database=DatabaseSettings(url=url),
        jobs=JobSettings(worker=False, scheduler=False),
        plugins=PluginSettings(enable=enable),
    )
    deadlines = Deadlines(load=1.0, start=1.0, cancel=0.2)
    async with NxForge(settings, deadlines=deadlines, process=Process()) as host:
        running = await host.start()
        states = {
            each.id: [each.state, each.problem.message if each.problem else ""]
            for each in running.plugins()
            if each.wanted
        }
        print("STATES", json.dumps(states), flush=True)


asyncio.run(main(*sys.argv[1:]))
"""
SEGV = "ctypes.string_at(0)"
EXIT = "os._exit(3)"
HANG = "while True: pass"

Boot = Callable[..., Awaitable[dict[str, Any] | None]]


@pytest.fixture
def boot(site: Site, settings: Settings, tmp_path: Path) -> Boot:
    """Start a host in a process of its own; the states of its plugins, if it lives."""
    script = tmp_path / "host.py"
    script.write_text(HOST, "utf-8")
    url, data = str(settings.database.url), str(settings.data_dir)

    async def run(*enable: str, killed_at: Path | None = None) -> dict[str, Any] | None:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(script),
            url,
            data,
            *enable,
            env={"PYTHONPATH": str(site.folder), "PATH": "/usr/bin:/bin"},
            stdout=asyncio.subprocess.PIPE,
        )
        if killed_at is not None:
            while not await asyncio.to_thread(killed_at.exists):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            process.kill()
        out, _ = await process.communicate()
        said = out.decode().rpartition("STATES ")[2]
        states: dict[str, Any] = json.loads(said) if said else {}
        return states or None

    return run


@pytest.mark.parametrize(
    ("deed", "why"),
    [
        (EXIT, "ends the process with exit code 3"),
        (SEGV, "crashed the process in "),
        (HANG, "did not come to an end in "),
    ],
)
async def test_plugin_that_kills_its_importer_is_held_back(
    boot: Boot, site: Site, deed: str, why: str
) -> None:
    """The next start quarantines exactly that plugin, and says what it did."""
    site.add("bad", f"import ctypes, os\n{deed}\n")
    site.add("good", GOOD)

    first = await boot("bad", "good")
    second = first or await boot("bad", "good")

    assert (first is None) == (deed != HANG), "a hang starts the process anew"
    assert second is not None
    assert second["good"] == ["running", ""]
    assert second["bad"][0] == "quarantined"
    assert why in second["bad"][1]


@pytest.mark.parametrize("deed", [EXIT, SEGV, HANG])
async def test_plugin_that_kills_the_start_is_held_back(
    boot: Boot, site: Site, deed: str
) -> None:
    """So is one whose life span does it; what requires it waits with it."""
    site.add("bad", STARTS.format(deed=deed))
    site.add("good", GOOD)
    site.add("behind", GOOD, manifest={"requires": {"bad": ">=1"}})

    states = await boot("bad", "good", "behind") or await boot("bad", "good", "behind")

    assert states is not None
    found = {plugin: state for plugin, (state, _) in states.items()}
    assert found == {"bad": "quarantined", "good": "running", "behind": "quarantined"}


async def test_crash_while_it_served_is_whose_code_it_was(
    boot: Boot, site: Site, settings: Settings
) -> None:
    """The innermost plugin on the stack that crashed is held back; never the host."""
    bad, good = site.add("bad", GOOD), site.add("good", GOOD)
    folder = settings.data_dir / "boot"
    folder.mkdir(parents=True)
    host = Path(plugin_zero.__file__)
    traces = {
        "1": ["/usr/lib/ctypes.py", bad / "plugin.py", good / "plugin.py", host],
        "2": ["/usr/lib/ctypes.py", host],
    }
    for name, files in traces.items():
        lines = [f'  File "{file}", line 7 in work' for file in files]
        (folder / f"{name}.step").touch()
        (folder / f"{name}.crash").write_text("\n".join(lines), "utf-8")

    states = await boot("bad", "good")

    assert states is not None
    assert states["good"] == ["running", ""]
    assert states["bad"][0] == "quarantined"
    assert f"crashed the process in {bad / 'plugin.py'}:7" in states["bad"][1]


async def test_kill_from_outside_is_nobodys_fault(
    boot: Boot, site: Site, tmp_path: Path
) -> None:
    """A process that is killed while it imports a plugin leaves that one in service."""
    mark = tmp_path / "importing"
    pause = "if not mark.exists():\n    mark.touch(); time.sleep(30)\n"
    head = f"import time, pathlib\nmark = pathlib.Path({str(mark)!r})\n"
    site.add("slow", head + pause + GOOD)

    killed = await boot("slow", killed_at=mark)
    again = await boot("slow")

    assert killed is None
    assert again == {"slow": ["running", ""]}


async def test_word_of_an_admin_has_it_tried_again(
    start: Callable[..., Awaitable[Any]], boot: Boot, site: Site
) -> None:
    """A plugin that was held back and mended runs again; one that was not stays."""
    folder = site.add("bad", f"import os\n{EXIT}\n")
    await boot("bad")
    await boot("bad")
    host = await start("bad")
    headers = await host.bearer("admin")

    async def enable() -> str:
        path = "/api/v1/plugins/bad/enable"
        answer = await host.client.post(path, headers=headers)
        return str(answer.json()["data"]["state"])

    before = host.running.inventory["bad"].state, await enable()
    (folder / "plugin.py").write_text(GOOD, "utf-8")
    after = await enable()

    assert (before, after) == (("quarantined", "quarantined"), "running")


def _candidate(site: Site) -> Candidate:
    (found,) = discover(site, clock=SystemClock())
    assert isinstance(found, Candidate)
    return found


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (GOOD, None),
        ("raise ValueError('an ordinary failure')", None),
        ("import sys\nsys.exit(1)", None),
        ("held = bytearray(5 << 30)", "asks for more than 4 GB of memory"),
        ("import os\nos._exit(0)", "ends the process with exit code 0"),
        ("while True: pass", "does not come to an end in "),
        ("import os\nos.kill(os.getpid(), 15)", "ends the process by SIGTERM"),
    ],
)
async def test_trial_tells_what_would_end_a_host(
    site: Site, source: str, why: str | None
) -> None:
    """Only what takes a process with it counts: other failures a host survives."""
    site.add("bad", source)

    told = await try_out(_candidate(site), 1.0)

    assert (told is None) if why is None else (told is not None and why in told)


def test_journal_is_read_by_the_next_process_alone(site: Site, tmp_path: Path) -> None:
    """What lives is left alone, what ended well left nothing, half a word is none."""
    site.add("bad", GOOD)
    folder = tmp_path / "boot"
    journal = Journal(folder, 5, None)
    with journal.step(_candidate(site), "import"):
        assert read_deaths(folder) == []
    (folder / "1.step").write_bytes(
        b'{"plugin":"bad","version":"1.0","phase":"import"}'
    )
    (folder / "2.step").write_bytes(b'{"plugin":"b')
    (folder / "3.step").write_bytes(b"")

    deaths = read_deaths(folder)
    journal.close()

    assert [(each.plugin, each.phase) for each in deaths] == [
        (PluginId("bad"), "import")
    ]
    assert list(folder.iterdir()) == []
