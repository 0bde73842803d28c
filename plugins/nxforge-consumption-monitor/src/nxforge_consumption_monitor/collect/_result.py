"""What a round reports."""

from __future__ import annotations

import msgspec

from nxforge_consumption_monitor.models import DueEndpoint, RoundRow
from nxforge_core.api import Outcome

from ._params import CollectParams

__all__ = ["OK", "Tally"]

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


class Tally:
    """Counts what became of polls.

    Attributes:
        total: Endpoints that were polled.
        duplicate: Of them, those whose slot another run stored first.
    """

    def __init__(self) -> None:
        self.total = 0
        self.duplicate = 0
        self._faults: list[_Fault] = []
        self._failed: list[str] = []

    def count(self, endpoint: DueEndpoint, row: RoundRow) -> None:
        """Add one poll."""
        self.total += 1
        if row.outcome != OK:
            self._faults.append(_Fault(endpoint.name, f"{row.outcome}: {row.error}"))
            self._failed.append(endpoint.id)

    def outcome(self) -> Outcome:
        """Sum up: with what failed goes how to poll just that again."""
        failed = len(self._failed)
        result = msgspec.to_builtins(
            _RoundResult(
                success=failed < self.total,
                total=self.total,
                successful=self.total - failed,
                failed=failed,
                errors=self._faults,
                duplicate=self.duplicate,
            )
        )
        if not failed:
            return Outcome.ok(result)
        again = CollectParams(endpoint_ids=tuple(self._failed))
        if failed < self.total:
            return Outcome.partial(result, again)
        return Outcome.failed(result, again)
