"""What a round reports."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from nxforge_consumption_monitor.models import RoundRow
from nxforge_core.api import Outcome

__all__ = ["OK", "outcome_of"]

OK = "ok"


class _Fault(msgspec.Struct, frozen=True):
    endpoint: str
    error: str


class _RoundResult(msgspec.Struct, frozen=True, rename="camel"):
    """The original's members; `duplicate` counts polls that others stored first."""

    success: bool
    total: int
    successful: int
    failed: int
    errors: list[_Fault]
    duplicate: int


def outcome_of(
    rows: Sequence[RoundRow], names: Sequence[str], stored: Collection[str]
) -> Outcome:
    """Sum up a round.

    Args:
        rows: What was offered, in the order of `names`.
        names: Names of the endpoints.
        stored: Ids whose row was written.
    """
    faults = [
        _Fault(name, f"{row.outcome}: {row.error}")
        for row, name in zip(rows, names, strict=True)
        if row.outcome != OK
    ]
    result = msgspec.to_builtins(
        _RoundResult(
            success=len(faults) < len(rows),
            total=len(rows),
            successful=len(rows) - len(faults),
            failed=len(faults),
            errors=faults,
            duplicate=len(rows) - len(stored),
        )
    )
    if not faults:
        return Outcome.ok(result)
    if len(faults) < len(rows):
        return Outcome.partial(result)
    return Outcome.failed(result)
