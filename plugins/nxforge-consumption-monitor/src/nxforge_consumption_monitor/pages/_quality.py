"""How well the days are known: what came, what is missing, what is doubtful."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Final

from nxforge_consumption_monitor.models import Quality, QualityDay
from nxforge_consumption_monitor.permissions import READ_READINGS
from nxforge_consumption_monitor.quality import QualityQuery, quality
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, load_texts, ui

from ._words import named

__all__ = ["QUALITY_PAGE"]

say = load_texts(__package__)

_Context = PluginContext[MonitorSettings]

_GOOD: Final = Decimal("0.95")
_BAD: Final = Decimal("0.5")
_COLUMNS: Final = (
    ui.Column("meter", say("Meter"), sort=True),
    ui.Column("day", say("Day"), sort=True),
    ui.Column("state", say("Quality")),
    ui.Column("score", say("Score"), "share", places=1, sort=True),
    ui.Column("polls", say("Readings")),
    ui.Column("failed", say("Failed"), "number", sort=True),
    ui.Column("top_error", say("Mostly because"), sort=True),
    ui.Column("gap_s", say("Gaps"), "duration", sort=True),
    ui.Column("coverage", say("Known"), "share", places=1, hidden=True, sort=True),
    ui.Column(
        "estimated_kwh", say("Estimated"), "number", "kWh", places=2, hidden=True
    ),
    ui.Column("suspect", say("Suspect"), "number", hidden=True, sort=True),
    ui.Column("rejected", say("Rejected"), "number", hidden=True, sort=True),
    ui.Column("frozen_s", say("Longest standstill"), "duration", hidden=True),
    ui.Column("clock_skew_s", say("Clock wrong by"), "duration", hidden=True),
    ui.Column(
        "mean_scrape_ms", say("Poll takes"), "number", "ms", places=0, hidden=True
    ),
)


async def _asked(ctx: _Context, window: ui.Window, params: ui.Params) -> Quality:
    return await quality(
        ctx,
        QualityQuery(
            endpoint_id=params.get("endpoint"),
            group=params.get("group"),
            low=window.start.isoformat(),
            high=window.end.isoformat(),
        ),
    )


async def _figures(
    ctx: _Context, window: ui.Window, params: ui.Params
) -> list[ui.Figure]:
    found = await _asked(ctx, window, params)
    if found.score is None:
        return []
    poor = [each for each in found.days if each.score < _GOOD]
    gaps = sum(each.gap_s for each in found.days)
    return [
        ui.Figure(
            say("Score"),
            found.score * 100,
            "%",
            hint=say("known, and not estimated"),
            places=1,
            level=_level(found.score),
        ),
        ui.Figure(say("Days under 95 %"), f"{len(poor)} of {len(found.days)}"),
        ui.Figure(say("Time without readings"), timedelta(seconds=gaps)),
        ui.Figure(
            say("Failed polls"), sum(each.failed for each in found.days), places=0
        ),
    ]


async def _rows(
    ctx: _Context, window: ui.Window, params: ui.Params
) -> list[dict[str, object]]:
    return [_row(each) for each in (await _asked(ctx, window, params)).days]


def _row(day: QualityDay) -> dict[str, object]:
    history = {"meters": day.endpoint_id, "from": day.start.isoformat()}
    history["to"] = day.end.isoformat()
    return {
        "meter": ui.Link(day.endpoint_name, "endpoint", {"id": day.endpoint_id}),
        "day": ui.Link(day.day.isoformat(), "history", history),
        "state": ui.State(_word(day.score), _level(day.score), _note(day)),
        "score": day.score,
        "coverage": day.coverage,
        "polls": f"{day.received} of {day.expected}",
        "failed": day.failed,
        "top_error": named(day.top_error or ""),
        "gap_s": day.gap_s,
        "estimated_kwh": day.estimated_kwh,
        "suspect": day.suspect,
        "rejected": day.rejected,
        "frozen_s": day.frozen_s,
        "clock_skew_s": day.clock_skew_s,
        "mean_scrape_ms": day.mean_scrape_ms,
    }


def _level(score: Decimal) -> ui.Level:
    if score >= _GOOD:
        return "ok"
    return "warning" if score >= _BAD else "bad"


def _word(score: Decimal) -> str:
    return {"ok": say("good"), "warning": say("gaps")}.get(_level(score), say("poor"))


def _note(day: QualityDay) -> str:
    count = len(day.gaps)
    return say.count("{n} gap", "{n} gaps", count) if count else ""


QUALITY_PAGE: Final = ui.Page(
    name="quality",
    title=say("Data quality"),
    intro=say("How well each day of each meter is known, the worst first."),
    icon="shield",
    permission=READ_READINGS,
    windows=("24h", "7d", "30d"),
    window="24h",
    body=(
        ui.Stats(say("All of it"), _figures),
        ui.Table(
            say("Days"),
            _rows,
            _COLUMNS,
            search=True,
            empty=say("No day yet. Each day of each meter will have a row here."),
        ),
    ),
)
