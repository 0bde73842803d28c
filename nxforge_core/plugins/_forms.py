"""What a hook may return."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Final, Generic, NamedTuple, TypeVar

__all__ = ["MANAGER", "Form", "list_of", "one"]

T = TypeVar("T")


class Form(NamedTuple, Generic[T]):
    """A form that a value has or has not.

    Attributes:
        wanted: The form in words, after "return".
        take: The value in this form; None if it has another.
        tell: What was returned, in words.
    """

    wanted: str
    take: Callable[[object], T | None]
    tell: Callable[[T], str]


def list_of(kind: type[T]) -> Form[tuple[T, ...]]:
    """A list or tuple whose items are all of one kind."""

    def take(value: object) -> tuple[T, ...] | None:
        if not isinstance(value, list | tuple):
            return None
        items = tuple(item for item in value if isinstance(item, kind))
        return items if len(items) == len(value) else None

    name = kind.__name__
    return Form(f"a list of {name}", take, lambda items: f"{len(items)} {name}")


def one(kind: type[T]) -> Form[T]:
    """One value of a kind."""

    def take(value: object) -> T | None:
        return value if isinstance(value, kind) else None

    return Form(f"a {kind.__name__}", take, lambda _: kind.__name__)


def _manager(value: object) -> AbstractAsyncContextManager[None] | None:
    return value if isinstance(value, AbstractAsyncContextManager) else None


MANAGER: Final = Form("an async context manager", _manager, lambda _: "a manager")
