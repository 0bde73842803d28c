"""The polls of one endpoint, and what a browser saw when one failed in it."""

from __future__ import annotations

from typing import Final

from nxforge_consumption_monitor import endpoints
from nxforge_consumption_monitor.collect import POLL_JOB
from nxforge_consumption_monitor.models import COLLECTED
from nxforge_consumption_monitor.permissions import READ_ENDPOINTS
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, UnknownItemError, load_texts, ui

from ._one import endpoint_of
from ._reads import Attempt, attempts_of
from ._words import named

__all__ = ["FAILURE", "POLLS", "RUNS"]

say = load_texts(__package__)

_Context = PluginContext[MonitorSettings]

_API: Final = "/api/v1/m/consumption-monitor/endpoints"
_COLLECT: Final = {"plugin": "consumption-monitor", "job": "collect-consumption"}
_POLL: Final = {"plugin": "consumption-monitor", "job": POLL_JOB}


async def _polls(ctx: _Context, params: ui.Params, query: ui.Query) -> ui.Rows:
    endpoint = await endpoint_of(ctx, params)
    page = query.limit + 1, query.offset
    found = await attempts_of(ctx.db, endpoint.id, page)
    rows = [_poll(each) for each in found[: query.limit]]
    return ui.Rows(rows, more=len(found) > query.limit)


def _poll(attempt: Attempt) -> dict[str, object]:
    read = attempt.outcome == "ok"
    return {
        "at": attempt.started_at,
        "state": ui.State(say("read"), "ok")
        if read
        else ui.State(named(attempt.outcome), "bad", attempt.error),
        "scrape_ms": attempt.scrape_ms,
        "http_status": "" if attempt.http_status is None else attempt.http_status,
        "bytes": "" if attempt.bytes is None else attempt.bytes,
        "excerpt": attempt.excerpt or "",
    }


POLLS: Final = ui.Table(
    say("Polls"),
    _polls,
    (
        ui.Column("at", say("When"), "time"),
        ui.Column("state", say("What came of it")),
        ui.Column("scrape_ms", say("Took"), "number", "ms", places=0),
        ui.Column("http_status", say("Answer"), "number", places=0),
        ui.Column("bytes", say("Size"), "number", "bytes", places=0),
        ui.Column("excerpt", say("What came"), "code", hidden=True),
    ),
    size=20,
    live=COLLECTED,
    empty=say("It was not polled yet."),
)


async def _failure(ctx: _Context, params: ui.Params) -> list[ui.Fact]:
    endpoint = await endpoint_of(ctx, params)
    try:
        found = await endpoints.failure(ctx, endpoint.id)
    except UnknownItemError:
        return []
    path = f"{_API}/{endpoint.id}/failure/screenshot"
    seen: object = "no picture of it"
    if found.screenshot_bytes:
        seen = ui.Image(
            path, say("The page as the browser saw it when the poll failed")
        )
    return [
        ui.Fact(say("When"), found.failed_at, "time"),
        ui.Fact(
            say("Why"),
            ui.State(named(found.outcome), "bad", found.error),
        ),
        ui.Fact(say("In step"), found.step, "number", places=0),
        ui.Fact(say("What it saw"), seen),
        ui.Fact(say("Page"), found.html, "code"),
    ]


FAILURE: Final = ui.Detail(
    say("The latest failure in the browser"),
    _failure,
    name="failure",
    permission=READ_ENDPOINTS,
    live=COLLECTED,
    empty=say("No poll failed in a browser."),
)


async def _runs(_: _Context) -> list[ui.Choice]:
    return [
        ui.Choice(
            say("Runs"),
            [
                ui.Link(say("of the collection"), "nxforge/job", _COLLECT),
                ui.Link(say("of polls on demand"), "nxforge/job", _POLL),
            ],
        )
    ]


RUNS: Final = ui.Choices(say("The runs that poll it"), _runs)
