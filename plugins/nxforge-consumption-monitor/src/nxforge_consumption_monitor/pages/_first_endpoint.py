"""The set-up of a new host: is there a meter, and does it answer?"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, load_sql, load_texts, ui

__all__ = ["first_endpoint"]

say = load_texts(__package__)

_SQL: Final = load_sql(__package__)
_TITLE: Final = "The first meter"
_LONG: Final = 3600


async def first_endpoint(ctx: PluginContext[MonitorSettings]) -> ui.Step:
    """Done with the first reading, which may be a while after the endpoint."""
    row = await ctx.db.fetchrow(_SQL.first_endpoint)
    if row is None:
        text: str = say(
            "Enter its address, test what it answers, save: then it is polled."
        )
        link = ui.Link(say("Set up a meter"), "endpoint-form")
        return ui.Step(title=_TITLE, done=False, text=text, link=link)
    if row["read_at"] is None:
        link = ui.Link(say("How it is"), "endpoint", {"id": row["id"]})
        text = _waiting(row["name"], row["error"])
        return ui.Step(title=_TITLE, done=False, text=text, link=link)
    text = say("First reading of {name} arrived{after}.").format(
        name=row["name"], after=_after(row["waited"])
    )
    return ui.Step(
        title=_TITLE, done=True, text=text, link=ui.Link(say("Live"), "live")
    )


def _waiting(name: str, error: str | None) -> str:
    if error:
        return say("{name} is there and could not be read yet: {error}.").format(
            name=name, error=error
        )
    return say("{name} is there; waiting for its first reading.").format(name=name)


def _after(waited: timedelta) -> str:
    """How long it took; for what was stored an hour later nobody waited."""
    seconds = round(waited.total_seconds())
    return (
        say(" after {seconds} s").format(seconds=seconds)
        if 0 <= seconds < _LONG
        else ""
    )
