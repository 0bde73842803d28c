"""Quality as a table of a file."""

from __future__ import annotations

from typing import Final

from nxforge_consumption_monitor.export import Table
from nxforge_consumption_monitor.models import Quality, QualityDay

__all__ = ["quality_table"]

_COLUMNS: Final = {
    "endpointId": "endpoint_id",
    "endpointName": "endpoint_name",
    "day": "day",
    "timeZone": "tz",
    "expected": "expected",
    "received": "received",
    "coverage": "coverage",
    "gapSeconds": "gap_s",
    "rejected": "rejected",
    "suspect": "suspect",
    "energyKwh": "energy_kwh",
    "estimatedKwh": "estimated_kwh",
    "frozenRun": "frozen_run",
    "frozenSeconds": "frozen_s",
    "clockSkewSeconds": "clock_skew_s",
    "meanScrapeMs": "mean_scrape_ms",
    "failed": "failed",
    "topError": "top_error",
    "ruleVersions": "rule_versions",
    "score": "score",
}


def quality_table(quality: Quality) -> Table:
    """A row for each endpoint and day, with the number and the list of its gaps."""
    return Table(
        name="quality",
        columns=[*_COLUMNS, "gaps"],
        rows=[
            [*(getattr(day, name) for name in _COLUMNS.values()), _gaps(day)]
            for day in quality.days
        ],
    )


def _gaps(day: QualityDay) -> str:
    return " ".join(f"{gap.start.isoformat()}/PT{gap.seconds}S" for gap in day.gaps)
