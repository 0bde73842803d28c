"""What becomes of slots that nobody fired in time: a pure decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, assert_never

import msgspec

from nxforge_core.api import Misfire

__all__ = ["MOST_CAUGHT_UP", "MisfirePlan", "plan_misfires"]

#: How many missed slots `run_all` still runs, the latest ones.
MOST_CAUGHT_UP: Final = 100


class MisfirePlan(msgspec.Struct, frozen=True, kw_only=True):
    """Slots to run after all, and slots to record as misfired, with the word why."""

    run: tuple[datetime, ...] = ()
    record: tuple[tuple[datetime, str], ...] = ()


def plan_misfires(
    policy: Misfire, missing: Sequence[datetime], *, ran_later: bool
) -> MisfirePlan:
    """Decide over missed slots, given in ascending order.

    `ran_later` says that a slot after the last missing one has a run already: it
    stands for the missed ones where one run is enough.
    """
    match policy:
        case "skip":
            return MisfirePlan(record=_all(missing, "skipped"))
        case "run_all":
            late = max(len(missing) - MOST_CAUGHT_UP, 0)
            record = _all(missing[:late], f"skipped: over {MOST_CAUGHT_UP} were missed")
            return MisfirePlan(run=tuple(missing[late:]), record=record)
        case "run_once" if ran_later:
            return MisfirePlan(record=_all(missing, "coalesced into a later slot"))
        case "run_once":
            record = _all(missing[:-1], "coalesced into a later slot")
            return MisfirePlan(run=tuple(missing[-1:]), record=record)
        case _:
            assert_never(policy)


def _all(slots: Sequence[datetime], why: str) -> tuple[tuple[datetime, str], ...]:
    return tuple((slot, why) for slot in slots)
