"""Stored hours, days and months beside computed ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal

import msgspec

from nxforge_consumption_monitor.models import RollupRow

from ._result import RollupChange

__all__ = ["Difference", "Rows", "differences"]

Rows = Mapping[tuple[str, datetime], RollupRow]


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """A row that is stored otherwise than computed, or that lies in a locked month.

    Attributes:
        stored: None: there is none.
        computed: None: no time of it is known.
        locked: It is not written.
    """

    stored: RollupRow | None
    computed: RollupRow | None
    locked: bool

    @property
    def row(self) -> RollupRow:
        """Either of them, for its name and its bounds."""
        row = self.computed or self.stored
        assert row is not None  # noqa: S101 - a difference has at least one side
        return row

    @property
    def change(self) -> RollupChange:
        """What it is for the energy."""
        return RollupChange(
            channel=self.row.channel,
            grain=self.row.grain,
            start=self.row.start_ts,
            end=self.row.end_ts,
            before_kwh=self.before_kwh,
            after_kwh=self.after_kwh,
            locked=self.locked,
        )

    @property
    def before_kwh(self) -> Decimal | None:
        """The stored energy."""
        return self.stored.energy_kwh if self.stored else None

    @property
    def after_kwh(self) -> Decimal | None:
        """The computed energy."""
        return self.computed.energy_kwh if self.computed else None


def differences(
    stored: Rows,
    computed: Rows,
    *,
    first: datetime | None,
    locked: Callable[[RollupRow], bool],
) -> list[Difference]:
    """Compare, in order of grain and time.

    Args:
        stored: By grain and start.
        computed: The same of what the readings say.
        first: The first reading of all, where the computed rows begin with it; None
            where they begin later. If rows lie wholly before it, retention has
            deleted what they and the one around it were computed from: they stay.
        locked: Whether a row must not be written.
    """
    is_cut = first is not None and any(row.end_ts <= first for row in stored.values())
    found = []
    for key in sorted({*stored, *computed}):
        old, new = stored.get(key), computed.get(key)
        if is_cut and old is not None and first is not None and old.start_ts < first:
            continue
        difference = Difference(stored=old, computed=new, locked=False)
        is_locked = locked(difference.row)
        if is_locked or old != new:
            found.append(msgspec.structs.replace(difference, locked=is_locked))
    return found
