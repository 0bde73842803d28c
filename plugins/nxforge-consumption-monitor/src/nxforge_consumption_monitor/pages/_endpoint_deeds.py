"""What can be done with endpoints in their list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nxforge_consumption_monitor import endpoints
from nxforge_consumption_monitor.collect import POLL_JOB
from nxforge_consumption_monitor.models import EndpointChange
from nxforge_consumption_monitor.permissions import WRITE_ENDPOINTS
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import RuleNote
from nxforge_core.api import PluginContext, load_texts, ui

from ._one import endpoint_of
from ._words import counted

__all__ = ["ENDPOINT_DEEDS", "POLL"]

say = load_texts(__package__)

_Context = PluginContext[MonitorSettings]


async def _poll(ctx: _Context, keys: Sequence[str]) -> ui.Done:
    run = await ctx.jobs.run(POLL_JOB, {"endpointIds": list(keys)})
    return ui.Done(
        say("{counted} polled by run {run}.").format(
            counted=counted(len(keys), "endpoint"), run=run
        )
    )


async def _poll_one(ctx: _Context, params: ui.Params) -> ui.Done:
    return await _poll(ctx, [(await endpoint_of(ctx, params)).id])


async def _enable(ctx: _Context, keys: Sequence[str], reader: ui.Reader) -> ui.Done:
    await _turn(ctx, keys, reader, enabled=True)
    return ui.Done(
        say("{counted} polled from now on.").format(
            counted=counted(len(keys), "endpoint")
        )
    )


async def _disable(ctx: _Context, keys: Sequence[str], reader: ui.Reader) -> ui.Done:
    await _turn(ctx, keys, reader, enabled=False)
    return ui.Done(
        say("{counted} not polled any more.").format(
            counted=counted(len(keys), "endpoint")
        )
    )


async def _turn(
    ctx: _Context, keys: Sequence[str], reader: ui.Reader, *, enabled: bool
) -> None:
    change, by = EndpointChange(enabled=enabled), RuleNote(by=reader.name)
    for key in keys:
        await endpoints.change(ctx, key, change, rule=by)


async def _archive(ctx: _Context, keys: Sequence[str]) -> ui.Done:
    removed = [await endpoints.remove(ctx, key) for key in keys]
    deleted = sum(each.deleted for each in removed)
    words = say("{counted} put away, readings kept.").format(
        counted=counted(len(removed), "endpoint")
    )
    if deleted:
        words = say("{words} Of {deleted} nothing was ever read: deleted.").format(
            words=words, deleted=deleted
        )
    return ui.Done(words)


POLL: Final = ui.Action(
    say("Poll now"),
    _poll_one,
    permission=WRITE_ENDPOINTS,
    text=say("Ask the device now, whatever its schedule says."),
)
ENDPOINT_DEEDS: Final = (
    ui.RowAction(
        "poll", say("Poll now"), _poll, WRITE_ENDPOINTS, many=True, single=False
    ),
    ui.RowAction(
        "enable", say("Enable"), _enable, WRITE_ENDPOINTS, many=True, single=False
    ),
    ui.RowAction(
        "disable",
        say("Disable"),
        _disable,
        WRITE_ENDPOINTS,
        confirm=say("Stop polling {n} endpoints? What was read stays."),
        many=True,
        single=False,
    ),
    ui.RowAction(
        "archive",
        say("Archive"),
        _archive,
        WRITE_ENDPOINTS,
        confirm=say(
            "Put {n} endpoints away? They are polled no more and their logins are"
            " deleted; their readings and reports stay."
        ),
        style="danger",
        many=True,
        single=False,
    ),
)
