"""A plan as people read it."""

from __future__ import annotations

from collections.abc import Iterator

from nxforge_core.plugins.upkeep import MigrationStep, Plan, Rehearsed

__all__ = ["plan_lines"]


def plan_lines(plan: Plan) -> Iterator[str]:
    """The plan, line by line."""
    before = f" from {plan.before}" if plan.before else ""
    yield f"{plan.plugin} {plan.version}: {plan.change}{before}"
    if plan.problem:
        yield f"would not serve: {plan.problem}"
        yield f"  {plan.remedy}"
    for each in plan.collisions:
        yield f"collision: {each}"
    for each in plan.consent:
        yield f"needs consent: {each}"
    for part in plan.parts:
        yield f"{part.kind}:"
        yield from (f"  + {each}" for each in part.added)
        yield from (f"  - {each}" for each in part.removed)
    yield from _migrations(plan.migrations)
    yield from _rehearsal(plan.rehearsal)
    if plan.unread:
        yield f"not known without running its code: {', '.join(plan.unread)}"
    if plan.restart:
        yield f"processes start anew: {plan.restart}"
    if not (plan.parts or any(each.state != "applied" for each in plan.migrations)):
        yield "nothing else changes"


def _rehearsal(done: Rehearsed | None) -> Iterator[str]:
    if done is None or done.problem is not None:
        return
    yield f"rehearsed: {', '.join(done.ran) or 'nothing'}; all of it was undone"
    yield from (f"  {each}: cannot be rehearsed" for each in done.left)


def _migrations(steps: list[MigrationStep]) -> Iterator[str]:
    applied = sum(each.state == "applied" for each in steps)
    if steps:
        yield f"migrations: {applied} of {len(steps)} applied"
    for each in steps:
        if each.state == "applied":
            continue
        notes: list[str] = [each.state]
        if not each.transactional:
            notes.append("not transactional: cannot be rehearsed")
        if not each.way_back:
            notes.append("no way back")
        yield f"  {each.id}  {', '.join(notes)}"
