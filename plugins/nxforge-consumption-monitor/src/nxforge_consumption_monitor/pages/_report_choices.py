"""What a report can be of, and the files it can be had as."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from nxforge_consumption_monitor.groups import groups
from nxforge_consumption_monitor.report import EVERY_ENDPOINT
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, load_texts, ui

from ._asked_report import PERIODS, AskedReport, asked_report
from ._words import named

__all__ = ["report_choices"]

say = load_texts(__package__)

_API: Final = "/api/v1/m/consumption-monitor"
_EVERY: Final = say("every meter")
_FILES: Final = (
    (say("Print"), "html"),
    ("PDF", "pdf"),
    ("XLSX", "xlsx"),
    ("CSV", "csv"),
)
_COMPARED: Final = {
    "previous": say("the period before"),
    "lastYear": say("a year before"),
}


async def report_choices(
    ctx: PluginContext[MonitorSettings], params: ui.Params
) -> list[ui.Choice]:
    """Rows of ways to other reports and to files of this one."""
    asked = asked_report(ctx, params)
    kinds = [asked.link(named(each), period=each) for each in PERIODS]
    compared = [asked.link(text, compare=each) for each, text in _COMPARED.items()]
    return [
        ui.Choice(say("Period"), kinds, named(asked.period)),
        ui.Choice(say("When"), asked.steps(), asked.title),
        await _scope(ctx, asked),
        ui.Choice(say("Compared with"), compared, _COMPARED[asked.compare]),
        ui.Choice(say("Files"), _files(asked)),
        *_billing(asked),
    ]


async def _scope(ctx: PluginContext[MonitorSettings], asked: AskedReport) -> ui.Choice:
    names = {each.id: each.name for each in await groups(ctx)}
    links = [asked.link(_EVERY, group="")]
    links += [asked.link(name, group=group) for group, name in names.items()]
    return ui.Choice(say("Of"), links, names.get(asked.group, _EVERY))


def _files(asked: AskedReport) -> list[ui.Link]:
    if asked.month is None:
        query = asked.query
        params = {"period": query.period, "date": query.date, "group": query.group}
        given = {name: text for name, text in params.items() if text}
        return [ui.Link(say("JSON"), f"{_API}/summary?{urlencode(given)}")]
    path = f"{_API}/reports/group/{asked.group or EVERY_ENDPOINT}"
    month = {"month": asked.month}
    links = [ui.Link(text, f"{path}.{ending}", month) for text, ending in _FILES]
    return [*links, ui.Link(say("JSON"), path, month)]


def _billing(asked: AskedReport) -> list[ui.Choice]:
    """A month is billed by tariffs, and locked when it was invoiced."""
    if asked.month is None:
        return []
    params = {"month": asked.month, "group": asked.group}
    given = {name: text for name, text in params.items() if text}
    lock = ui.Link(say("Lock this month"), "locks", given)
    return [ui.Choice(say("Billing"), [ui.Link(say("Tariffs"), "tariffs"), lock])]
