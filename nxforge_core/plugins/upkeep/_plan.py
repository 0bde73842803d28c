"""What it would change to have a plugin run in the version that is there now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final, Literal

from packaging.version import InvalidVersion, Version

from nxforge_core.api import Model

from ._surface import Grants, Surface

__all__ = [
    "MigrationStep",
    "Part",
    "Plan",
    "Rehearsed",
    "StepState",
    "change_of",
    "compare",
    "grown",
]

PartName = Literal[
    "permissions",
    "capabilities",
    "requires",
    "routes",
    "jobs",
    "pages",
    "settings",
    "subscriptions",
    "checks",
]
StepState = Literal["pending", "applied", "changed", "gone"]
Change = Literal["install", "upgrade", "downgrade", "none"]
_KINDS: Final[tuple[PartName, ...]] = (
    "requires",
    "routes",
    "jobs",
    "pages",
    "settings",
    "subscriptions",
    "checks",
)


class Part(Model):
    """One kind of thing that comes or goes."""

    kind: PartName
    added: list[str]
    removed: list[str]


class MigrationStep(Model):
    """A migration file, shipped or applied or both.

    Attributes:
        state: Changed: applied with another text. Gone: applied, and no longer shipped.
        transactional: It can be rehearsed, and leaves nothing where it fails.
        way_back: A file of the plugin undoes it.
    """

    id: str
    state: StepState
    transactional: bool
    way_back: bool
    applied_at: datetime | None


class Rehearsed(Model):
    """What came of running the migrations for real and undoing them.

    Attributes:
        ran: Ids of the files.
        left: Ids of the pending files that cannot be rehearsed.
        problem: Why the upgrade would fail.
    """

    ran: list[str]
    left: list[str]
    problem: str | None
    remedy: str | None


class Plan(Model):
    """What an installation or an upgrade changes; nothing is changed by asking.

    Attributes:
        version: That is there now, or would be.
        before: That ran last; None where none did.
        parts: Kinds of things that come or go.
        consent: What an admin has to agree to first.
        collisions: Why it cannot be beside what is installed.
        unread: Kinds that are known only by running its code, which was not done.
        problem: Why it would not serve.
        restart: Why processes have to start anew; None where they need not.
        rehearsal: None where none was asked for.
    """

    plugin: str
    distribution: str
    version: str
    before: str | None
    change: Change
    parts: list[Part]
    migrations: list[MigrationStep]
    consent: list[str]
    collisions: list[str]
    unread: list[str]
    problem: str | None
    remedy: str | None
    restart: str | None
    rehearsal: Rehearsed | None = None


def grown(wanted: Grants, agreed: Grants | None) -> list[str]:
    """What needs consent: nothing at the first start, which is an admin's word."""
    return [] if agreed is None else list(wanted.beyond(agreed).words())


def compare(now: Surface, before: Surface | None) -> list[Part]:
    """Kinds of things that differ."""
    return [
        Part(kind=kind, added=new, removed=old)
        for kind, new, old in _all(now, before)
        if new or old
    ]


def change_of(version: str, before: str | None) -> Change:
    """Which kind of step it is from one version to another."""
    if before is None:
        return "install"
    try:
        old, new = Version(before), Version(version)
    except InvalidVersion:
        return "upgrade" if before != version else "none"
    if old == new:
        return "none"
    return "upgrade" if new > old else "downgrade"


def _all(
    now: Surface, before: Surface | None
) -> Iterator[tuple[PartName, list[str], list[str]]]:
    old = before or Surface(version="", grants=Grants())
    yield "permissions", *_two(now.grants.permissions, old.grants.permissions)
    yield "capabilities", *_two(now.grants.capabilities, old.grants.capabilities)
    for kind in _KINDS:
        yield kind, *_two(getattr(now, kind), getattr(old, kind))


def _two(now: tuple[str, ...], before: tuple[str, ...]) -> tuple[list[str], list[str]]:
    return [one for one in now if one not in before], [
        one for one in before if one not in now
    ]
