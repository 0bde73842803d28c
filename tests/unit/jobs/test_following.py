"""Following a run, over runs that a test makes up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from nxforge_core.api import (
    InvalidInputError,
    RunId,
    UnavailableError,
    UnknownItemError,
)
from nxforge_core.jobs import (
    FollowEnded,
    LineLogged,
    Progressed,
    Pulse,
    RunEvent,
    RunLine,
    StateChanged,
    follow,
)

RUN = RunId(7)
AT = datetime(2026, 11, 2, tzinfo=UTC)
RUNNING = Pulse(
    state="running", attempt=1, note=None, ended=False, progress=None, lines=0
)


class Story:
    """A run whose looks are written down beforehand."""

    def __init__(self, *looks: Pulse | Exception) -> None:
        self.looks = list(looks)
        self.asked: list[tuple[Any, ...]] = []
        self.paused = 0

    async def pulse(self, run: RunId) -> Pulse:
        """The next look; the last one stays."""
        assert run == RUN
        look = self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]
        if isinstance(look, Exception):
            raise look
        self.now = look
        return look

    async def run_logs(
        self, run: RunId, after: int, limit: int, level: str | None, search: str | None
    ) -> list[RunLine]:
        """Lines with numbers; those that are odd are errors."""
        self.asked.append((run, after, level, search))
        numbers = range(after + 1, self.now.lines + 1)
        return [line(number) for number in numbers if level is None or number % 2 == 1][
            :limit
        ]

    async def pause(self) -> bool:
        """Ten looks at the most, that no failing test runs for ever."""
        self.paused += 1
        return self.paused < 10


def line(number: int) -> RunLine:
    """A line with that number."""
    return RunLine(line=number, attempt=1, at=AT, level="info", event="x", facts={})


def at(lines: int, **changes: Any) -> Pulse:
    """The run with so many lines."""
    return msgspec.structs.replace(RUNNING, lines=lines, **changes)


async def told(story: Any, **wanted: Any) -> list[RunEvent]:
    """Everything that a reader of the story is told."""
    events: list[RunEvent] = []
    async for look in follow(story, RUN, story.pause, **wanted):
        events += look
    return events


def numbers(events: Sequence[RunEvent]) -> list[int]:
    """Of the lines among them."""
    return [event.line.line for event in events if isinstance(event, LineLogged)]


async def test_reader_is_told_each_thing_once_and_the_end_last() -> None:
    """Lines, progress and states come when they are new; then it is over."""
    half = {"done": 1, "total": 2, "text": ""}
    end = at(3, state="succeeded", ended=True, progress=half)
    story = Story(RUNNING, at(2), at(2, progress=half), end)

    events = await told(story)

    assert events == [
        StateChanged("running", 1, None),
        LineLogged(line(1)),
        LineLogged(line(2)),
        Progressed(half),
        LineLogged(line(3)),
        StateChanged("succeeded", 1, None),
        FollowEnded("finished", "succeeded"),
    ]
    assert story.paused == 3


async def test_reader_resumes_after_the_line_it_has() -> None:
    """No line comes twice."""
    assert numbers(await told(Story(at(5, ended=True)), after=3)) == [4, 5]


async def test_backlog_comes_without_pauses() -> None:
    """2,500 lines are three looks, and none waits half a second."""
    story = Story(at(2500, ended=True))

    assert numbers(await told(story)) == list(range(1, 2501))
    assert story.paused == 0


async def test_lines_that_are_left_out_are_not_looked_at_again() -> None:
    """With a level, the next look begins after the last line that there was."""
    story = Story(at(4), at(6, ended=True))

    assert numbers(await told(story, level="error")) == [1, 3, 5]
    assert [asked[1] for asked in story.asked] == [0, 4]


async def test_reader_stays_while_the_database_is_away() -> None:
    """An outage is a silence."""
    story = Story(RUNNING, UnavailableError("away"), at(1, ended=True))

    assert numbers(await told(story)) == [1]


async def test_reader_is_told_of_a_run_that_is_deleted() -> None:
    """Retention may take a run from under a reader."""
    story = Story(RUNNING, UnknownItemError(kind="run", value=7))

    assert (await told(story))[-1] == FollowEnded("deleted")


async def test_reader_is_told_that_the_host_stops() -> None:
    """Whoever follows knows that the run has not ended."""
    assert (await told(Story(RUNNING)))[-1] == FollowEnded("stopped")


@pytest.mark.parametrize("wanted", [{"level": "loud"}, {"search": "x" * 201}])
async def test_wrong_wish_is_refused_before_the_first_look(
    wanted: dict[str, Any],
) -> None:
    """Nobody waits for lines that cannot come."""
    story = Story(RUNNING)

    with pytest.raises(InvalidInputError):
        await told(story, **wanted)
    assert story.paused == 0
