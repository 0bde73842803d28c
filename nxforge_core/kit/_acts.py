"""What a plugin did when it was asked: observed once, judged by several checks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from nxforge_core.host._culprit import Culprit

__all__ = ["FAILURE", "Acts", "Asked", "Ran", "Shown"]

#: The first status that is the fault of who answers.
FAILURE: Final = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """A request and its answer.

    Attributes:
        route: Method and path, as the plugin wrote them.
        status: 0 where none came.
        anonymous: The status that nobody gets; 0 of a public route.
        after: The status after the database was away for a moment; 0 if never asked.
        words: Why it failed.
    """

    route: str
    status: int
    anonymous: int
    after: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class Ran:
    """A run of a job.

    Attributes:
        state: How it ended; empty where it did not.
        cancelled: Seconds that a run took to end after it was cancelled.
    """

    job: str
    state: str
    words: str
    cancelled: float


@dataclass(frozen=True, slots=True)
class Shown:
    """A page, and the cards of it that failed."""

    page: str
    status: int
    failed: tuple[str, ...]


@dataclass(slots=True)
class Acts:
    """Everything that was observed of a running plugin.

    Attributes:
        made: Whether it ran at all.
        heard: By subscription, why its handler failed.
        blocks: Where it held up the event loop, and for how many seconds.
        kept: Connections of its pool that did not come back.
    """

    made: bool = False
    asked: list[Asked] = field(default_factory=list)
    ran: list[Ran] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    heard: dict[str, str] = field(default_factory=dict)
    blocks: list[tuple[Culprit, float]] = field(default_factory=list)
    kept: int = 0
