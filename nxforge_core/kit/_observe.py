"""Let a running plugin do everything it can, and note what happens."""

from __future__ import annotations

import asyncio
import re
import time
from contextlib import suppress
from html import unescape
from typing import Final

from nxforge_core.api import Event, JobSpec, PluginId
from nxforge_core.api.pages import Page
from nxforge_core.database import Pool
from nxforge_core.events import matches
from nxforge_core.host._culprit import find_culprit
from nxforge_core.jobs import RunFinishedError
from nxforge_core.plugins._check import needs_values
from nxforge_core.services import LoopWatchdog, Stall, job_name
from nxforge_core.testing import Databases, PluginHost

from ._acts import Ran, Shown
from ._ask import Asker
from ._case import Case
from ._samples import SAMPLES

__all__ = ["observe"]

#: Seconds that the loop may be held up.
_LIMIT: Final = 0.05
#: Seconds that a run may take to its end.
_RUN: Final = 30.0
#: What a card says where the error was none of nxforge_core.api.
_UNFORESEEN: Final = "the log has the details"
_FAILED: Final = re.compile(
    r'<article[^>]*\bdata-failed.*?role="alert">(?P<why>.*?)</p>', re.DOTALL
)


async def observe(case: Case, host: PluginHost) -> None:
    """Ask its routes and pages, run its jobs, tell it events, take its database away.

    Twice, because what is imported at a first call holds up the loop that once.
    """
    acts = case.acts
    acts.made = True
    asker = Asker(case, host)
    await _everything(case, host, asker)
    async with LoopWatchdog(lambda stall: _note(case, stall), _LIMIT):
        await _everything(case, host, asker)
    acts.kept = await _kept(host)
    await _lose_database(case)
    acts.asked = [await asker.again(each) for each in acts.asked]


async def _everything(case: Case, host: PluginHost, asker: Asker) -> None:
    acts = case.acts
    acts.asked = [await asker.ask(route) for route in case.parts.routes]
    acts.shown = [await _show(host, page) for page in case.parts.pages]
    acts.ran = [
        await _run(host, job) for job in case.parts.jobs if not needs_values(job.params)
    ]
    await _tell(case, host)


async def _show(host: PluginHost, page: Page) -> Shown:
    answer = await host.get(f"/ui/{host.plugin}/{page.name}")
    failed = [
        unescape(re.sub(r"<[^>]+>", "", why)) for why in _FAILED.findall(answer.text)
    ]
    if not page.menu:
        # It is about one thing, which nobody named: that may be said, and no more.
        failed = [why for why in failed if why.endswith(_UNFORESEEN)]
    return Shown(page.name, answer.status_code, tuple(failed))


async def _run(host: PluginHost, job: JobSpec) -> Ran:
    try:
        ended = await host.run_job(job.name, seconds=_RUN)
    except TimeoutError:
        return Ran(job.name, "", f"it did not end within {_RUN:g} s", 0.0)
    error = ended.error if isinstance(ended.error, dict) else {}
    words = f"{error.get('type')}: {error.get('message')}" if error else ""
    return Ran(job.name, ended.state, words, await _cancel(host, job))


async def _cancel(host: PluginHost, job: JobSpec) -> float:
    """Seconds from the word to the end of the run."""
    engine = host.running.engine
    run = await engine.run_now(PluginId(host.plugin), job.name, {}, by="the kit")
    await asyncio.sleep(0.05)
    with suppress(RunFinishedError):
        await engine.cancel(run, by="the kit")
    began = time.monotonic()
    while time.monotonic() - began < _RUN:
        if (await engine.get_run(run)).finished_at is not None:
            break
        await asyncio.sleep(0.02)
    return time.monotonic() - began


async def _tell(case: Case, host: PluginHost) -> None:
    for spec in case.parts.events:
        for name, data in SAMPLES.items():
            if not matches(spec.pattern, name):
                continue
            event = Event(
                id="sample",
                name=name,
                source="nxforge",
                at=host.clock.now(),
                data=data,
            )
            try:
                async with asyncio.timeout(spec.timeout):
                    await spec.handler(host.context(), event)
            except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it is, it is the handler's
                case.acts.heard[spec.label] = (
                    f"{type(error).__name__}: {error} ({name})"
                )


def _note(case: Case, stall: Stall) -> None:
    culprit = find_culprit(stall.frames, job_name.get(), [case.plugin])
    if stall.ended or culprit.plugin != case.id:
        return
    case.acts.blocks.append((culprit, stall.seconds))


async def _kept(host: PluginHost) -> int:
    pool = host.context().db
    if not isinstance(pool, Pool):
        return 0
    for _ in range(20):  # what a handler began to give back is on its way
        if not pool.connections()["busy"]:
            return 0
        await asyncio.sleep(0.05)
    return pool.connections()["busy"]


async def _lose_database(case: Case) -> None:
    """End every connection, as a restart of the server does."""
    assert case.host is not None  # noqa: S101 - this is called while it runs
    name = case.host.running.core.address.database
    databases = Databases(case.server)
    try:
        await asyncio.to_thread(databases.cut, name)
    finally:
        databases.close()
