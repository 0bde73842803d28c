"""What a loop does while it does not answer, seen from another thread."""

from __future__ import annotations

import asyncio
import gc
import sys
import traceback
from asyncio import AbstractEventLoop, Task
from contextvars import Context
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, NamedTuple

__all__ = ["Frame", "Sight", "Stall", "look_at"]

#: Innermost frames kept of a deep stack.
_DEPTH: Final = 60


class Frame(NamedTuple):
    """One call on a stack."""

    file: str
    line: int
    function: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stall:
    """A loop that did not answer.

    Attributes:
        seconds: How long, at least: up to now, or in all where it `ended`.
        frames: What it was doing when it was noticed, innermost last.
        task: Name of the asyncio task that blocked; None where it was a callback.
    """

    seconds: float
    frames: tuple[Frame, ...]
    task: str | None = None
    ended: bool = False


class Sight(NamedTuple):
    """What a thread saw of a loop at work."""

    frames: tuple[Frame, ...]
    task: str | None
    context: Context


def look_at(loop: AbstractEventLoop, thread: int) -> Sight:
    """See what a loop does now, which may be over before this returns."""
    task = _task_of(loop)
    return Sight(
        frames=_frames_of(thread),
        task=task.get_name() if task else None,
        context=(_context_of(task) if task else None) or Context(),
    )


def _frames_of(thread: int) -> tuple[Frame, ...]:
    # The only way to another thread's stack; CPython, PyPy and faulthandler have it.
    frame = sys._current_frames().get(thread)  # noqa: SLF001
    walk = islice(traceback.walk_stack(frame) if frame else (), _DEPTH)
    calls = [
        Frame(each.f_code.co_filename, line, each.f_code.co_qualname)
        for each, line in walk
    ]
    return tuple(reversed(calls))


def _task_of(loop: AbstractEventLoop) -> Task[Any] | None:
    try:
        return asyncio.current_task(loop)
    except RuntimeError:  # its table changed while it was read
        return None


def _context_of(task: Task[Any]) -> Context | None:
    if get_context := getattr(task, "get_context", None):  # from Python 3.12 on
        found: Context = get_context()
        return found.copy()
    for each in gc.get_referents(task):
        if isinstance(each, Context):
            return each.copy()
    return None
