"""From a plugin to a report: it is brought as far as it comes, then judged."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from nxforge_core.api import PluginId
from nxforge_core.database import ServerAddress
from nxforge_core.host import Deadlines
from nxforge_core.host.lifecycle import find_plugins, try_out
from nxforge_core.plugins import Candidate, Problem, survey
from nxforge_core.services import SystemClock
from nxforge_core.settings import (
    DatabaseSettings,
    JobSettings,
    LogSettings,
    NetworkSettings,
    PluginSettings,
    Settings,
)
from nxforge_core.testing import Databases, Hosts

from ._case import Case
from ._check import Check, Finding
from ._load import load_specs
from ._observe import observe
from ._report import Report, Verdict
from ._residue import residue_of
from ._subject import Subject

__all__ = ["examine"]


async def examine(
    subject: Subject,
    server: ServerAddress,
    checks: Sequence[Check],
    deadlines: Deadlines | None = None,
) -> Report:
    """Bring a plugin to work, watch it, and make the checks.

    Args:
        subject: The plugin.
        server: Its login may create databases and roles; nothing is left there.
        checks: Which; `CHECKS` are all.
        deadlines: How long the plugin may take.
    """
    limits = deadlines or Deadlines(load=10.0, start=10.0)
    hosts = Hosts(server, subject.distributions, limits)
    case = Case(subject=subject, hosts=hosts, server=server)
    try:
        await _find(case, limits)
        if case.specs is not None:
            await _serve(case)
        verdicts = [await _judge(check, case) for check in checks]
    finally:
        hosts.close()
    found = case.found
    known = found.version if isinstance(found, Candidate) else ""
    return Report(plugin=subject.id, version=known, verdicts=verdicts)


async def _judge(check: Check, case: Case) -> Verdict:
    if not case.reaches(check.need):
        return Verdict(check.name, check.level, "unreached")
    findings: tuple[Finding, ...] = tuple(await check.run(case))
    state = "broken" if findings else "kept"
    return Verdict(check.name, check.level, state, findings)  # type: ignore[arg-type]  # one of the two


async def _find(case: Case, limits: Deadlines) -> None:
    """Up to its specs; code of it runs in a process of its own first."""
    clock = SystemClock()
    found = find_plugins(clock, case.subject.distributions)
    known = {each.id: each for each in found if isinstance(each, Candidate)}
    problems = {each.plugin: each for each in found if isinstance(each, Problem)}
    case.found = known.get(PluginId(case.id)) or problems.get(case.id)
    if not isinstance(case.found, Candidate):
        return
    wanted = _closure(case.id, known)
    records = survey(
        found, enable=wanted, core_version=version("nxforge-core"), clock=clock
    ).records
    case.record = next(each for each in records if each.id == case.id)
    missing = [each for each in case.found.manifest.requires if each not in known]
    if case.record.state != "enabled" or missing:
        return
    case.death = await try_out(case.found, limits.load)
    if case.death is None:
        await asyncio.to_thread(load_specs, case, clock)


def _closure(plugin: str, known: dict[PluginId, Candidate]) -> list[str]:
    """The plugin first, then all that it requires."""
    wanted = [plugin]
    for each in wanted:
        candidate = known.get(PluginId(each))
        more = candidate.manifest.requires if candidate else {}
        wanted += [one for one in more if one not in wanted]
    return wanted


async def _serve(case: Case) -> None:
    """On a host of its own, which is started twice on one database."""
    wanted = await asyncio.to_thread(_wanted, case)
    databases = Databases(case.server)
    before = set(threading.enumerate())
    try:
        with databases.fresh() as address, TemporaryDirectory() as folder:
            settings = _settings(address, Path(folder), wanted)
            async with case.hosts.started(settings, wanted, check=False) as host:
                case.problem = host.running.inventory[case.id].problem
                case.host = host
                if case.problem is None:
                    await observe(case, host)
            case.host = None
            case.leftovers = _threads_since(before)
            if case.acts.made:
                await _again(case, settings, wanted)
                case.residue = await residue_of(case.id, address, settings)
    finally:
        databases.close()


async def _again(case: Case, settings: Settings, wanted: tuple[str, ...]) -> None:
    """As after a restart: modules are read anew."""
    package = case.plugin.package
    known = {
        name: module
        for name, module in sys.modules.items()
        if name.partition(".")[0] == package
    }
    case.hosts.forget(case.plugin)
    async with case.hosts.started(settings, wanted, check=False) as host:
        case.again = host.running.inventory[case.id].problem
    # The specs in hand are those of the first reading; msgspec looks for their modules.
    sys.modules.update(known)


def _wanted(case: Case) -> tuple[str, ...]:
    found = find_plugins(SystemClock(), case.subject.distributions)
    known = {each.id: each for each in found if isinstance(each, Candidate)}
    return tuple(_closure(case.id, known))


def _threads_since(before: set[threading.Thread]) -> tuple[str, ...]:
    own = ("asyncio_", "nxforge", "ThreadPoolExecutor", "psycopg", "procrastinate")
    return tuple(
        each.name
        for each in threading.enumerate()
        if each not in before and not each.name.startswith(own)
    )


def _settings(address: ServerAddress, data: Path, wanted: tuple[str, ...]) -> Settings:
    return Settings(
        data_dir=data,
        database=DatabaseSettings(url=address.url()),
        jobs=JobSettings(scheduler=False, grace=1.0, block_limit=0),
        log=LogSettings(access=False, level="error"),
        network=NetworkSettings(allow=("127.0.0.1",)),
        plugins=PluginSettings(enable=wanted),
    )
