"""In which order plugins are loaded: what is required first, then by id."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from graphlib import CycleError, TopologicalSorter
from typing import TypeAlias

__all__ = ["Needs", "cycles", "in_order"]

#: Each id with the ids it requires.
Needs: TypeAlias = Mapping[str, Collection[str]]


def in_order(needs: Needs) -> list[str]:
    """All ids, those required by others before them, equals by id.

    Ids inside or behind a cycle come last. Requirements that are no key are ignored.
    """
    sorter = _sorter(needs)
    with suppress(CycleError):  # what does not hang on the cycle can still be had
        sorter.prepare()
    order: list[str] = []
    while ready := sorted(sorter.get_ready()):
        order.extend(ready)
        sorter.done(*ready)
    return order + sorted(set(needs) - set(order))


def cycles(needs: Needs) -> list[tuple[str, ...]]:
    """Circles of requirements, each as `a, b, a`; one id lies in one circle at most."""
    left = dict(needs)
    found: list[tuple[str, ...]] = []
    while circle := _cycle(left):
        found.append(circle)
        left = {key: left[key] for key in left if key not in circle}
    return found


def _cycle(needs: Needs) -> tuple[str, ...]:
    try:
        _sorter(needs).prepare()
    except CycleError as error:
        # graphlib follows "is required by": backwards it reads "requires".
        return tuple(reversed(error.args[1]))
    return ()


def _sorter(needs: Needs) -> TopologicalSorter[str]:
    return TopologicalSorter(
        {key: sorted(set(needs[key]) & needs.keys()) for key in sorted(needs)}
    )
