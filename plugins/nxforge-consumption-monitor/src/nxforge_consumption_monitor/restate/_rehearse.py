"""Doing something for good, or only to see what it would do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

from nxforge_core.api import Connection, Database

__all__ = ["rehearse"]

T = TypeVar("T")


class _TakenBackError(Exception):
    """Ends the transaction of a preview."""


async def rehearse(
    database: Database, work: Callable[[Connection], Awaitable[T]], *, keep: bool
) -> T:
    """Do work in one transaction and answer what it answers.

    Args:
        database: The plugin's.
        work: Writes, and says what it did.
        keep: Whether what it wrote stays. A preview is the same work taken back, so
            it cannot tell anything else than the work itself.
    """
    answers: list[T] = []
    with suppress(_TakenBackError):
        async with database.transaction() as connection:
            answers.append(await work(connection))
            _take_back_unless(keep)
    return answers[0]


def _take_back_unless(keep: bool) -> None:  # noqa: FBT001  # the name says it
    if not keep:
        raise _TakenBackError
