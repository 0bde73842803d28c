"""It runs beside every other installed plugin."""

from __future__ import annotations

from collections.abc import Iterable

from nxforge_core.api import PluginId
from nxforge_core.host.lifecycle import find_plugins
from nxforge_core.kit._case import Case
from nxforge_core.kit._check import Check, Finding
from nxforge_core.plugins import Candidate
from nxforge_core.services import SystemClock

__all__ = ["CHECK"]


async def _check(case: Case) -> Iterable[Finding]:
    found = find_plugins(SystemClock(), case.subject.distributions)
    ids = [str(each.id) for each in found if isinstance(each, Candidate)]
    others = [each for each in ids if each not in (case.id, "nxforge")]
    if not others:
        return []
    alone = await _problems(case, others)
    both = await _problems(case, [case.id, *others])
    remedy = "look for names that both use outside their own corners"
    return [
        Finding(f"beside each other, {name} does not run: {both[name]}", remedy)
        for name in sorted(both.keys() - alone.keys())
    ]


async def _problems(case: Case, plugins: list[str]) -> dict[PluginId, str]:
    async with case.hosts(*plugins, check=False) as host:
        return {
            each.id: each.problem.message
            for each in host.running.inventory
            if each.wanted and each.problem is not None
        }


CHECK = Check("together", "exemplary", "running", _check)
