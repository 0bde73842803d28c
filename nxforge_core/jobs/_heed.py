"""Cancellations that a library lost on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

__all__ = ["heed"]

T = TypeVar("T")


async def heed(work: Awaitable[T]) -> T:
    """Await something, and be cancelled if that was asked for meanwhile.

    `asyncio.wait_for` of Python 3.11 swallows a cancellation that comes in the moment
    in which what it waits for ends; psycopg and its pool wait so. A task group cancels
    its tasks once, and would then wait for ever.
    """
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 - coroutines run in tasks, for mypy
    before = task.cancelling()
    try:
        return await work
    finally:
        if task.cancelling() > before:
            raise asyncio.CancelledError
