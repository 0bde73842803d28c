"""A run as it goes on: lines, progress and states, by looking again and again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final, Literal, TypeAlias

import msgspec

from nxforge_core.api import RunId, UnavailableError, UnknownItemError

from ._filters import MOST_ROWS, levels_from, pattern
from ._records import RunLine, RunState
from ._runs import Pulse, Runs

__all__ = [
    "FollowEnded",
    "LineLogged",
    "Pause",
    "Progressed",
    "RunEvent",
    "StateChanged",
    "follow",
]


class LineLogged(msgspec.Struct, frozen=True):
    """The run logged a line."""

    line: RunLine


class Progressed(msgspec.Struct, frozen=True):
    """The run reported how far it is: done, total, text."""

    progress: object


class StateChanged(msgspec.Struct, frozen=True):
    """The run is in another state, or at another attempt."""

    state: RunState
    attempt: int
    note: str | None


class FollowEnded(msgspec.Struct, frozen=True):
    """Nothing more comes: the run ended or was deleted, or the reader was told to."""

    reason: Literal["finished", "deleted", "stopped"]
    state: RunState | None = None


RunEvent: TypeAlias = LineLogged | Progressed | StateChanged | FollowEnded
#: Waits until it is time to look again; false ends the following.
Pause: TypeAlias = Callable[[], Awaitable[bool]]
_PAGE: Final = MOST_ROWS


async def follow(
    runs: Runs,
    run: RunId,
    pause: Pause,
    *,
    after: int = 0,
    level: str | None = None,
    search: str | None = None,
) -> AsyncIterator[list[RunEvent]]:
    """Tell what is new of a run, look by look, until it ends.

    A look that finds nothing answers an empty list, as does one while the database is
    away. Between looks no connection is held. Lines are those `after` the number that
    the reader has, of the `level` or worse, with the `search` text in them.

    Raises:
        InvalidInputError: there is no such level, or the text is too long.
    """
    levels_from(level)
    pattern(search)
    follower = _Follower(runs, run, after, (level, search))
    while True:
        yield await follower.look()
        if follower.ended:
            return
        if not follower.behind and not await pause():
            yield [FollowEnded("stopped")]
            return


class _Follower:
    """What a reader knows of a run.

    Attributes:
        behind: More lines are stored than one look takes.
    """

    def __init__(
        self,
        runs: Runs,
        run: RunId,
        after: int,
        wanted: tuple[str | None, str | None],
    ) -> None:
        self._runs = runs
        self._run = run
        self._after = after
        self._wanted = wanted
        self._progress: object = None
        self._state: StateChanged | None = None
        self.behind = False
        self.ended = False

    async def look(self) -> list[RunEvent]:
        """Answer what is new."""
        self.behind = False
        try:
            # In this order: whoever ended the run had stored its lines before.
            pulse = await self._runs.pulse(self._run)
            lines = await self._lines(pulse)
        except UnknownItemError:
            self.ended = True
            return [FollowEnded("deleted")]
        except UnavailableError:
            return []
        events: list[RunEvent] = [LineLogged(line) for line in lines]
        return events if self.behind else [*events, *self._changes(pulse)]

    async def _lines(self, pulse: Pulse) -> list[RunLine]:
        if pulse.lines <= self._after:
            return []
        level, search = self._wanted
        lines = await self._runs.run_logs(self._run, self._after, _PAGE, level, search)
        last = lines[-1].line if lines else 0
        self.behind = len(lines) == _PAGE
        # Lines that are left out need not be looked at again.
        self._after = last if self.behind else max(last, pulse.lines)
        return lines

    def _changes(self, pulse: Pulse) -> list[RunEvent]:
        changes: list[RunEvent] = []
        if pulse.progress != self._progress:
            self._progress = pulse.progress
            changes.append(Progressed(pulse.progress))
        state = StateChanged(pulse.state, pulse.attempt, pulse.note)
        if state != self._state:
            self._state = state
            changes.append(state)
        if pulse.ended:
            self.ended = True
            changes.append(FollowEnded("finished", pulse.state))
        return changes
