"""What the audit trail is told of jobs and runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from nxforge_core.jobs import JobDetail
from nxforge_core.settings import MASK, is_secret_name

from ._context import CoreContext
from ._security import CallerRequest, actor_of

__all__ = ["job_change", "tell"]

_Facts = Mapping[str, Any] | None


async def tell(
    ctx: CoreContext,
    request: CallerRequest,
    action: str,
    target: str,
    change: tuple[_Facts, _Facts] = (None, None),
) -> None:
    """Write one row about what has just been done."""
    trail = ctx.host.security.audit
    await trail.add(actor_of(request), action, target, change)


def job_change(before: JobDetail, after: JobDetail) -> tuple[_Facts, _Facts]:
    """What is different in a job, before and after; secrets are not shown."""
    old, new = _facts(before), _facts(after)
    names = [name for name in old | new if old.get(name) != new.get(name)]
    return (
        {name: old[name] for name in names if name in old},
        {name: new[name] for name in names if name in new},
    )


def _facts(job: JobDetail) -> dict[str, Any]:
    values: dict[str, Any] = msgspec.to_builtins(job.values)
    params = {
        f"params.{name}": MASK if is_secret_name(name) else value
        for name, value in values.pop("params").items()
    }
    return {"enabled": job.enabled, **values, **params}
