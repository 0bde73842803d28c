"""What a report can be of, and the files it can be had as."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from nxforge_consumption_monitor.groups import groups
from nxforge_consumption_monitor.report import EVERY_ENDPOINT
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, ui

from ._asked_report import PERIODS, AskedReport, asked_report

__all__ = ["report_choices"]

_API: Final = "/api/v1/m/consumption-monitor"
_EVERY: Final = "every meter"
_FILES: Final = (
    ("Print", "html"),
    ("PDF", "pdf"),
    ("XLSX", "xlsx"),
    ("CSV", "csv"),
)
_COMPARED: Final = {"previous": "the period before", "lastYear": "a year before"}


async def report_choices(
    ctx: PluginContext[MonitorSettings], params: ui.Params
) -> list[ui.Choice]:
    """Rows of ways to other reports and to files of this one."""
    asked = asked_report(ctx, params)
    kinds = [asked.link(each, period=each) for each in PERIODS]
    compared = [asked.link(text, compare=each) for each, text in _COMPARED.items()]
    return [
        ui.Choice("Period", kinds, asked.period),
        ui.Choice("When", asked.steps(), asked.title),
        await _scope(ctx, asked),
        ui.Choice("Compared with", compared, _COMPARED[asked.compare]),
        ui.Choice("Files", _files(asked)),
        *_billing(asked),
    ]


async def _scope(ctx: PluginContext[MonitorSettings], asked: AskedReport) -> ui.Choice:
    names = {each.id: each.name for each in await groups(ctx)}
    links = [asked.link(_EVERY, group="")]
    links += [asked.link(name, group=group) for group, name in names.items()]
    return ui.Choice("Of", links, names.get(asked.group, _EVERY))


def _files(asked: AskedReport) -> list[ui.Link]:
    if asked.month is None:
        query = asked.query
        params = {"period": query.period, "date": query.date, "group": query.group}
        given = {name: text for name, text in params.items() if text}
        return [ui.Link("JSON", f"{_API}/summary?{urlencode(given)}")]
    path = f"{_API}/reports/group/{asked.group or EVERY_ENDPOINT}"
    month = {"month": asked.month}
    links = [ui.Link(text, f"{path}.{ending}", month) for text, ending in _FILES]
    return [*links, ui.Link("JSON", path, month)]


def _billing(asked: AskedReport) -> list[ui.Choice]:
    """A month is billed by tariffs, and locked when it was invoiced."""
    if asked.month is None:
        return []
    params = {"month": asked.month, "group": asked.group}
    given = {name: text for name, text in params.items() if text}
    lock = ui.Link("Lock this month", "locks", given)
    return [ui.Choice("Billing", [ui.Link("Tariffs", "tariffs"), lock])]
