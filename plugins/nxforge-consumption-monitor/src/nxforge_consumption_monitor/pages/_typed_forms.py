"""A register that a person reads off: looked at first, stored then."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from nxforge_consumption_monitor import endpoints
from nxforge_consumption_monitor.imports import TypedReading, TypedReadingView, type_in
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, load_texts, ui

from ._drafts import Drafts

__all__ = ["RegisterRead", "TypedForms"]

say = load_texts(__package__)

_Context = PluginContext[MonitorSettings]


class RegisterRead(msgspec.Struct, frozen=True, kw_only=True):
    """What the meter showed, and when.

    Attributes:
        timestamp: By the clock of the site.
        register_kwh: The number on the meter.
        channel: Of a meter with several registers.
        note: Why it is typed in, for those who come later.
    """

    endpoint: str
    timestamp: Annotated[datetime, Meta(tz=False)]
    register_kwh: Decimal
    channel: Annotated[str, Meta(pattern="^[a-z0-9_]{1,32}$")] = "total"
    note: Annotated[str, Meta(max_length=500)] = ""


class _Draft(msgspec.Struct, frozen=True):
    read: RegisterRead
    view: TypedReadingView


class TypedForms:
    """The form of one host, with the registers that people look at."""

    def __init__(self) -> None:
        self._drafts: Drafts[_Draft] = Drafts()

    async def known(
        self, ctx: _Context, params: ui.Params, reader: ui.Reader
    ) -> RegisterRead | dict[str, object]:
        """What was looked at; else the meter of the address, and now."""
        draft = self._drafts.asked(ctx, params, reader)
        if draft is not None:
            return draft.read
        now = ctx.clock.now().astimezone(ZoneInfo(ctx.settings.time_zone))
        return {"endpoint": params.get("endpoint", ""), "timestamp": now}

    async def look(
        self, ctx: _Context, data: RegisterRead, reader: ui.Reader
    ) -> ui.Done:
        """Judge it as if it were stored."""
        view = await type_in(ctx, _body(ctx, data), by=reader.name, preview=True)
        draft = self._drafts.keep(reader.name, _Draft(data, view), ctx.clock.now())
        words = say("Nothing is stored yet; see what would be.")
        params = {"draft": draft, "endpoint": data.endpoint}
        return ui.Done(words, go=ui.Link(say("Type in"), "type-in", params))

    async def store(
        self, ctx: _Context, params: ui.Params, reader: ui.Reader
    ) -> ui.Done:
        """Store what was looked at."""
        read = self._drafts.must(ctx, params, reader).read
        view = await type_in(ctx, _body(ctx, read), by=reader.name)
        self._drafts.forget(params["draft"])
        meter = await endpoints.show(ctx, view.endpoint_id)
        words = say("{register_kwh:f} kWh of {name} is stored: {quality}.").format(
            register_kwh=view.register_kwh, name=meter.name, quality=view.quality
        )
        link = ui.Link(meter.name, "endpoint", {"id": meter.id, "tab": "readings"})
        return ui.Done(words, go=link)

    def shown(
        self, ctx: _Context, params: ui.Params, reader: ui.Reader
    ) -> TypedReadingView | None:
        """What the register of the address would do; None before a look."""
        draft = self._drafts.asked(ctx, params, reader)
        return None if draft is None else draft.view


def _body(ctx: _Context, data: RegisterRead) -> TypedReading:
    zone = ZoneInfo(ctx.settings.time_zone)
    return TypedReading(
        endpoint=data.endpoint,
        timestamp=data.timestamp.replace(tzinfo=zone),
        register_kwh=data.register_kwh,
        channel=data.channel,
        note=data.note,
    )
