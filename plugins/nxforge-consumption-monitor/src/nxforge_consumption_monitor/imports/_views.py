"""Imports on the wire."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec

from nxforge_consumption_monitor.restate import Adjustment, RollupChange
from nxforge_core.api import Model

__all__ = ["ImportResult", "ImportView", "JudgedRows", "Rejection", "SupersededView"]


class Rejection(Model):
    """A row that is not taken.

    Attributes:
        row: Its line in the file, as an editor counts, from 1.
        text: Of the row, as far as it fits.
    """

    row: int
    text: str
    reason: str


class JudgedRows(Model):
    """How many of the inserted readings are worth the same."""

    quality: str
    reason: str
    readings: int


class ImportResult(Model):
    """What came of an import. Rows are inserted, duplicate, conflict or rejected.

    Attributes:
        rows: With values, in the file.
        inserted: Readings of instants at which none was stored.
        duplicate: Stored already with the same value, or twice in the file.
        conflict: Another value is stored at the instant.
        replaced: Of the conflicts, those in which the file's value counts now.
        rejected: Not taken; the first thousand stand in `rejections`.
        repeated_hour: Times without offset in an hour that came twice: read as the
            first pass, and as the second.
        notes: What else a person should know.
        judged: What the readings of the file are worth by the rules of registers.
        months: Months with another energy, before and after.
        days: How many days have another energy.
    """

    rows: int = 0
    inserted: int = 0
    duplicate: int = 0
    conflict: int = 0
    replaced: int = 0
    rejected: int = 0
    first: datetime | None = None
    last: datetime | None = None
    repeated_hour: tuple[int, int] = (0, 0)
    notes: tuple[str, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    judged: tuple[JudgedRows, ...] = ()
    months: tuple[RollupChange, ...] = ()
    days: int = 0
    adjustments: tuple[Adjustment, ...] = ()


class ImportView(Model):
    """An import, or with `dryRun` what it would be.

    Attributes:
        id: Null: nothing was stored.
        same_as: The import of the same file before: then no row was inserted.
        sha256: Of the file.
    """

    id: int | None
    dry_run: bool
    same_as: int | None
    endpoint_id: str
    endpoint_name: str
    channel: str
    name: str
    sha256: str
    options: msgspec.Raw
    result: ImportResult
    created_by: str
    created_at: datetime


class SupersededView(Model):
    """A reading that another one of its instant took the place of."""

    id: int
    endpoint_id: str
    channel: str
    timestamp: datetime
    register_kwh: Decimal | None
    quality: str
    reason: str
    source: str
    superseded_by: str
    import_id: int | None
    note: str | None
    entered_by: str | None
    superseded_at: datetime
