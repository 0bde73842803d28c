"""A list of endpoints that is looked at first and created then."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from nxforge_consumption_monitor import endpoints
from nxforge_consumption_monitor.endpoints import BulkView
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, load_texts, ui

from ._drafts import Drafts

__all__ = ["BulkForms", "EndpointsToCreate"]

say = load_texts(__package__)

_Context = PluginContext[MonitorSettings]


class EndpointsToCreate(msgspec.Struct, frozen=True, kw_only=True):
    """Many endpoints at once.

    Attributes:
        text: CSV with a header, or a JSON array. Longer lists go in by the API.
    """

    text: Annotated[str, Meta(min_length=1, max_length=90_000)]


class _Draft(msgspec.Struct, frozen=True):
    """A list that was looked at; it is sealed, for it may hold passwords."""

    sealed: str
    view: BulkView


class BulkForms:
    """The form of one host, with the lists that people look at."""

    def __init__(self) -> None:
        self._drafts: Drafts[_Draft] = Drafts()

    async def look(
        self, ctx: _Context, data: EndpointsToCreate, reader: ui.Reader
    ) -> ui.Done:
        """Check every row as if it were stored."""
        view = await _run(ctx, data.text, dry_run=True)
        kept = _Draft(ctx.secrets.seal(data.text), view)
        draft = self._drafts.keep(reader.name, kept, ctx.clock.now())
        words = say("Nothing is stored yet; see what would be.")
        return ui.Done(
            words, go=ui.Link(say("Import"), "endpoint-import", {"draft": draft})
        )

    async def store(
        self, ctx: _Context, params: ui.Params, reader: ui.Reader
    ) -> ui.Done:
        """Create those whose row is good."""
        text = ctx.secrets.open(self._drafts.must(ctx, params, reader).sealed)
        view = await _run(ctx, text, dry_run=False)
        self._drafts.forget(params["draft"])
        words = say(
            "{created} endpoints are stored; they are polled from now on."
        ).format(created=view.created)
        return ui.Done(words, go=ui.Link(say("Endpoints"), "endpoints"))

    def shown(
        self, ctx: _Context, params: ui.Params, reader: ui.Reader
    ) -> BulkView | None:
        """What the list of the address would do; None before one was looked at."""
        draft = self._drafts.asked(ctx, params, reader)
        return None if draft is None else draft.view


async def _run(ctx: _Context, text: str, *, dry_run: bool) -> BulkView:
    is_json = text.lstrip("\ufeff \t\r\n").startswith("[")
    return await endpoints.create_many(ctx, text, is_json=is_json, dry_run=dry_run)
