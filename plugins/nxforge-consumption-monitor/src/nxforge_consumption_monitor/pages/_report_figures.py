"""The sums of a report, and what a reader has to know of them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from nxforge_consumption_monitor import report
from nxforge_consumption_monitor.models import CostError, MonthBill, Summary, SummaryRow
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, load_texts, ui

from ._asked_report import AskedReport, asked_report
from ._reads import busiest_hour
from ._words import counted, energy_figure, percent

__all__ = ["report_figures", "report_notices"]

say = load_texts(__package__)

_Context = PluginContext[MonitorSettings]

_ENOUGH: Final = Decimal("0.95")
_NAMED: Final = 5
_KILO: Final = 1000


async def report_figures(ctx: _Context, params: ui.Params) -> list[ui.Figure]:
    """Energy, cost, load and how much of the period is known."""
    asked = asked_report(ctx, params)
    found = await report.summary(ctx, asked.query)
    if not found.endpoints:
        return []
    return [
        energy_figure(say("Energy"), found, say("in the other period")),
        *_unmetered(found),
        *await _costs(ctx, asked),
        _load(found),
        await _busiest(ctx, asked, found),
        _coverage(found.endpoints),
    ]


def _unmetered(found: Summary) -> list[ui.Figure]:
    """Of a group with a feed: what no meter behind it counted."""
    rest = found.unmetered_kwh
    if rest is None:
        return []
    words: str = say("of the feeds, behind none of the meters")
    level: ui.Level = "unknown"
    if rest < 0:
        words, level = say("the meters count more: check them"), "warning"
    return [
        ui.Figure(say("Not metered"), rest, "kWh", hint=words, places=2, level=level)
    ]


async def _costs(ctx: _Context, asked: AskedReport) -> list[ui.Figure]:
    """Only months are billed."""
    if asked.month is None:
        return []
    if asked.group:
        bill, error = await report.group_cost(ctx, asked.group, asked.month)
        return [_cost(bill, (), error)]
    return [_cost(*await report.site_cost(ctx, asked.month))]


def _cost(
    bill: MonthBill | None, others: Sequence[str], error: CostError | None
) -> ui.Figure:
    if bill is None or bill.total is None:
        return ui.Figure(say("Cost"), None, hint=_no_cost(bill, error))
    hint = say("with tax") if bill.complete else say("with tax, up to now")
    without = (
        say("; {counted} without a tariff").format(
            counted=counted(len(others), "meter")
        )
        if others
        else ""
    )
    return ui.Figure(
        say("Cost"), bill.total, bill.currency or "", hint=hint + without, places=2
    )


def _no_cost(bill: MonthBill | None, error: CostError | None) -> str:
    if error is not None:
        return error.message
    if bill is None:
        return say("too many bills for one sum: choose a group")
    return say("in several currencies") if bill.bills else say("no meter has a tariff")


def _load(found: Summary) -> ui.Figure:
    loads = [each.avg_power for each in found.endpoints if each.avg_power is not None]
    mean = sum(loads, Decimal(0)) / _KILO if loads else None
    return ui.Figure(
        say("Mean load"), mean, "kW", hint=say("of the time that is known"), places=2
    )


async def _busiest(ctx: _Context, asked: AskedReport, found: Summary) -> ui.Figure:
    ids = [each.endpoint_id for each in found.endpoints] if asked.group else None
    span = asked.span
    peak = await busiest_hour(ctx.db, span.start, span.end, ids)
    when = peak and peak.start_ts.astimezone(asked.zone)
    hint = say("from {when:%d %b, %H:%M}").format(when=when) if when else ""
    return ui.Figure(
        say("Busiest hour"), peak and peak.avg_kw, "kW", hint=hint, places=2
    )


def _coverage(rows: Sequence[SummaryRow]) -> ui.Figure:
    share = sum((each.coverage for each in rows), Decimal(0)) / len(rows)
    level: ui.Level = "ok" if share >= _ENOUGH else "warning"
    words = say("mean of {n} meters").format(n=len(rows))
    return ui.Figure(say("Known"), share * 100, "%", hint=words, places=1, level=level)


async def report_notices(ctx: _Context, params: ui.Params) -> list[ui.Notice]:
    """What is missing, and what a month is worth."""
    asked = asked_report(ctx, params)
    rows = (await report.summary(ctx, asked.query)).endpoints
    poor = [each for each in rows if each.coverage < _ENOUGH]
    notices = [_missing(asked, poor, len(rows))] if poor else []
    return notices + await _of_month(ctx, asked)


async def _of_month(ctx: _Context, asked: AskedReport) -> list[ui.Notice]:
    if asked.month is None:
        return []
    group = asked.group or report.EVERY_ENDPOINT
    month = (await report.group_month(ctx, group, month=asked.month)).data
    notices = []
    if month.locked:
        words = say("This month is locked: what was invoiced stays as it is.")
        notices.append(ui.Notice(words, "ok"))
    if month.notes:
        notices.append(ui.Notice(" ".join(month.notes)))
    return notices


def _missing(asked: AskedReport, poor: Sequence[SummaryRow], count: int) -> ui.Notice:
    worst = sorted(poor, key=lambda each: (each.coverage, each.endpoint_name))
    named = [f"{each.endpoint_name} {percent(each.coverage)}" for each in worst]
    more = (
        say(" and {n} more").format(n=len(named) - _NAMED)
        if len(named) > _NAMED
        else ""
    )
    span = asked.span
    window = {"from": span.start.isoformat(), "to": span.end.isoformat()}
    return ui.Notice(
        say(
            "Of {n} of {count} meters under 95 % of the time up to now is known:"
            " {names}{more}."
        ).format(n=len(poor), count=count, names=", ".join(named[:_NAMED]), more=more),
        "warning",
        link=ui.Link(say("What is missing"), "quality", window),
    )
