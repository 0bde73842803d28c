"""F19: pages, Chromium and hosts that end badly, and nothing of them that stays."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import psutil
import pytest
from matrix import Fault
from pages import Site, found, make_browser, require_browser, users_of

from nxforge_core.api import BrowserError, BrowserRequest
from nxforge_core.services.browser import PooledBrowser, sweep_profiles

#: Of a visit that comes to harm; the arithmetic is that of an endpoint's.
DEADLINE: Final = 5.0
#: Of one that has to work: an endpoint's, whatever else the machine does.
PATIENCE: Final = 30.0
HEALTHY: Final = "<b>12 kWh</b>"
#: The first two tell that they have happened; the others are seen from outside.
TELL: Final = (
    "const x = new XMLHttpRequest(); x.open('GET', '/landed', false); x.send();"
)
PAGES: Final[dict[str, str | None]] = {
    "alert": f"<script>alert(1); {TELL}</script>",
    "popups": (
        "<script>let n = 0; for (let i = 0; i < 20; i++) "
        f"if (!window.open('/popup')) n++; if (n === 20) {{ {TELL} }}</script>"
    ),
    "busy loop": f"<p>x</p><script>{TELL} for (;;);</script>",
    "silent server": None,
}
FAULTS: Final = (*PAGES, "Chromium killed", "Chromium stopped", "host killed")
#: A host as far as its browser goes: it visits a page, says so, and stays.
HOST: Final = """
import asyncio, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from pages import make_browser
from nxforge_core.api import BrowserRequest

async def main():
    browser = make_browser(Path(sys.argv[2]))
    await browser.fetch(BrowserRequest(url=sys.argv[3]))
    print(*browser.pids, flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


class Course:
    """Visits one after the other, and what became of them."""

    def __init__(self, browser: PooledBrowser, site: Site, folder: Path) -> None:
        self.browser = browser
        self.site = site
        self.folder = folder
        self.over = -PATIENCE
        self.failed = 0

    async def visit(self, deadline: float = DEADLINE) -> str:
        """One visit, of a Chromium that runs: its outcome."""
        await self.browser._pool.ready()
        began = time.monotonic()
        try:
            request = BrowserRequest(url=self.site.url(), timeout=deadline)
            await self.browser.fetch(request)
        except BrowserError as error:
            return error.reason
        else:
            return "ok"
        finally:
            self.over = max(self.over, time.monotonic() - began - deadline)

    async def recover(self) -> None:
        """A healthy page after the fault has to be read."""
        self.site.pages["/"] = HEALTHY
        self.failed += await self.visit(PATIENCE) != "ok"

    async def hostile(self, name: str, fault: Fault) -> bool:
        """A page that does harm; tells whether it did."""
        fault.inject(self.site.pages.__setitem__, "/", PAGES[name])
        self.site.heads.clear()
        word = await self.visit()
        if name == "silent server":
            return word == "timeout"
        return "/landed" in self.site.asked and word == (
            "timeout" if name == "busy loop" else "ok"
        )

    async def signalled(self, number: signal.Signals, fault: Fault) -> bool:
        """Chromium is killed or stopped between two visits."""
        await self.recover()
        _, group = self.browser.pids
        fault.inject(os.killpg, group, number)
        await asyncio.sleep(0.1)
        with suppress(psutil.NoSuchProcess):
            status = psutil.Process(group).status()
            await self.visit()
            return status in {psutil.STATUS_STOPPED, psutil.STATUS_ZOMBIE}
        return True

    async def host_killed(self, fault: Fault) -> bool:
        """A host of its own, with a Chromium of its own, is killed."""
        self.site.pages["/"] = HEALTHY
        host = await asyncio.create_subprocess_exec(
            sys.executable, "-c", HOST, str(Path(__file__).parents[1] / "support"),
            str(self.folder), self.site.url(), stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert host.stdout is not None
        pids = [int(word) for word in (await host.stdout.readline()).split()]
        assert len(pids) == 2
        fault.inject(host.kill)
        if fault.removed:
            host.terminate()
        return await host.wait() == -signal.SIGKILL and bool(pids)


@pytest.fixture
async def course(tmp_path: Path) -> AsyncIterator[Course]:
    """A site and a browser that end with the test."""
    require_browser()
    site = Site()
    site.pages["/"] = HEALTHY
    await site.start()
    made = Course(make_browser(tmp_path / "own"), site, tmp_path / "other")
    yield made
    await made.browser.close()
    await site.stop()


async def left(folder: Path) -> tuple[int, int]:
    """Processes and folders that are there 10 s later at the most."""
    end = time.monotonic() + 10
    while (users_of(folder) or found(folder)) and time.monotonic() < end:  # noqa: ASYNC110 - other processes tell nobody
        await asyncio.sleep(0.1)
    return len(users_of(folder)), len(found(folder))


@pytest.mark.timeout(200)
@pytest.mark.fault("F19", "browser: pages, signals", short=7, long=140, share=1.0)
async def test_a_browser_that_ends_badly_leaves_nothing(
    fault: Fault, course: Course
) -> None:
    """Each visit ends in time, the next one works, and nothing is left of a host."""
    processes, folders = 0, 0
    for name in [FAULTS[number % len(FAULTS)] for number in range(fault.times)]:
        if name in PAGES:
            happened = await course.hostile(name, fault)
        elif name == "host killed":
            happened = await course.host_killed(fault)
            some, more = await left(course.folder)
            processes, folders = processes + some, folders + more
        else:
            number = signal.SIGKILL if name == "Chromium killed" else signal.SIGSTOP
            happened = await course.signalled(number, fault)
        fault.landed(happened and not fault.removed)
        await course.recover()
    sweep_profiles(course.folder)
    await course.browser.close()

    fault.figure("longest visit beyond its deadline, s", course.over, 0.5)
    fault.figure("healthy visits that failed after", course.failed, 0)
    fault.figure("processes of a killed host, 10 s later", processes, 0)
    fault.figure("its folders, 10 s later", folders, 0)
    own = await left(course.folder.parent)
    fault.figure("processes after the end", own[0], 0)
    fault.figure("folders after a restart", len(found(course.folder)), 0)
