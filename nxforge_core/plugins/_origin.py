"""Where in a plugin's own files something went wrong."""

from __future__ import annotations

import functools
import inspect
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType
from typing import NamedTuple, Protocol, runtime_checkable

__all__ = [
    "NOWHERE",
    "Located",
    "Place",
    "innermost",
    "lies_in",
    "place_of_code",
    "place_of_error",
]


class Place(NamedTuple):
    """A line of a file; both None where nobody knows."""

    file: str | None
    line: int | None


NOWHERE = Place(None, None)


@runtime_checkable
class Located(Protocol):
    """An error that says itself where it lies, as that of a migration does.

    Attributes:
        line: 1-based; 0 or None where only the file is known.
    """

    file: Path | str | None
    line: int | None


def place_of_error(error: BaseException, folder: Path | None) -> Place:
    """The deepest line inside `folder` that led to the error.

    A group is searched member by member, a wrapped error through its cause. An error
    that never passed the folder may know its place itself (`Located`).
    """
    chain = list(_chain(error))
    inside = (_inside(link, folder) for link in chain) if folder else iter(())
    found = next((place for place in inside if place), None)
    told = (e for e in chain if isinstance(e, Located) and e.file)
    return found or next((_told(error) for error in told), NOWHERE)


def place_of_code(function: Callable[..., object], folder: Path) -> Place:
    """Where a function of the plugin begins; nowhere if it is not the plugin's own."""
    code = getattr(innermost(function), "__code__", None)
    if not isinstance(code, CodeType) or not lies_in(code.co_filename, folder):
        return NOWHERE
    return Place(code.co_filename, code.co_firstlineno)


def innermost(function: Callable[..., object]) -> Callable[..., object]:
    """The function below `functools.partial` and `functools.wraps`."""
    while isinstance(function, functools.partial):
        function = function.func
    inner: Callable[..., object] = inspect.unwrap(function)
    return inner


def _told(error: Located) -> Place:
    return Place(str(error.file), error.line or None)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, those of a group before it, its causes after it, each once.

    `raise error from error` makes an error its own cause.
    """
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        each = waiting.pop()
        if id(each) in seen:
            continue
        inner = each.exceptions if isinstance(each, BaseExceptionGroup) else ()
        if not seen.issuperset(map(id, inner)):
            # The group itself was only collected: its members come first.
            waiting += [each, *reversed(inner)]
            continue
        seen.add(id(each))
        yield each
        if each.__cause__ is not None:
            waiting.append(each.__cause__)


def _inside(error: BaseException, folder: Path) -> Place | None:
    # The frames of a syntax error end where the broken file was imported.
    if isinstance(error, SyntaxError) and lies_in(error.filename or "", folder):
        return Place(error.filename, error.lineno)
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if lies_in(frame.filename, folder)]
    return Place(own[-1].filename, own[-1].lineno) if own else None


def lies_in(file: str, folder: Path) -> bool:
    """Tell whether a file is one of the folder's."""
    path = Path(file)
    # Links are resolved only where the text says no: that asks the file system.
    return path.is_relative_to(folder) or path.resolve().is_relative_to(
        folder.resolve()
    )
