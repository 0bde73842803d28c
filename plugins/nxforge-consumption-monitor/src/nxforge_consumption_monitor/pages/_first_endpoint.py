"""The set-up of a new host: is there a meter, and does it answer?"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, load_sql, ui

__all__ = ["first_endpoint"]

_SQL: Final = load_sql(__package__)
_TITLE: Final = "The first meter"
_LONG: Final = 3600


async def first_endpoint(ctx: PluginContext[MonitorSettings]) -> ui.Step:
    """Done with the first reading, which may be a while after the endpoint."""
    row = await ctx.db.fetchrow(_SQL.first_endpoint)
    if row is None:
        text = "Enter its address, test what it answers, save: then it is polled."
        link = ui.Link("Set up a meter", "endpoint-form")
        return ui.Step(title=_TITLE, done=False, text=text, link=link)
    if row["read_at"] is None:
        link = ui.Link("How it is", "endpoint", {"id": row["id"]})
        text = _waiting(row["name"], row["error"])
        return ui.Step(title=_TITLE, done=False, text=text, link=link)
    text = f"First reading of {row['name']} arrived{_after(row['waited'])}."
    return ui.Step(title=_TITLE, done=True, text=text, link=ui.Link("Live", "live"))


def _waiting(name: str, error: str | None) -> str:
    if error:
        return f"{name} is there and could not be read yet: {error}."
    return f"{name} is there; waiting for its first reading."


def _after(waited: timedelta) -> str:
    """How long it took; for what was stored an hour later nobody waited."""
    seconds = round(waited.total_seconds())
    return f" after {seconds} s" if 0 <= seconds < _LONG else ""
