"""Reports as they were made."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from nxforge_core.api import Connection

from ._statements import SQL

__all__ = [
    "LatestReport",
    "NewReport",
    "ReportRow",
    "insert_report",
    "latest_report",
    "stored_report",
    "stored_reports",
]


class LatestReport(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the latest version of a month."""

    version: int
    is_open: bool
    sha256: str


class NewReport(msgspec.Struct, frozen=True, kw_only=True):
    """A report that was made; `group_id` is None for all endpoints."""

    group_id: str | None
    month: date
    is_open: bool
    sha256: str
    document: str
    generated_at: datetime


class ReportRow(msgspec.Struct, frozen=True, kw_only=True):
    """A stored report; `document` is None in a list."""

    id: int
    group_id: str | None
    group_name: str
    month: date
    version: int
    is_open: bool
    sha256: str
    generated_at: datetime
    document: str | None = None


async def latest_report(
    connection: Connection, group_id: str | None, month: date
) -> LatestReport | None:
    """The latest version of a month."""
    found = await connection.structs(LatestReport, SQL.latest_report, group_id, month)
    return found[0] if found else None


async def insert_report(connection: Connection, new: NewReport) -> int | None:
    """Store a report; answers its version, or None where nothing is new."""
    version = await connection.fetchval(
        SQL.insert_report,
        new.group_id,
        new.month,
        new.is_open,
        new.sha256,
        new.document,
        new.generated_at,
    )
    return None if version is None else int(version)


async def stored_reports(
    connection: Connection, group_id: str | None, month: date | None, limit: int
) -> list[ReportRow]:
    """The newest reports, without their documents."""
    return await connection.structs(
        ReportRow, SQL.stored_reports, group_id, month, limit
    )


async def stored_report(connection: Connection, report_id: int) -> ReportRow | None:
    """One report with its document."""
    found = await connection.structs(ReportRow, SQL.stored_report, report_id)
    return found[0] if found else None
