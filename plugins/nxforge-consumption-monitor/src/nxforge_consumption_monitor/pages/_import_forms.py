"""A file that is looked at first and imported then."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from nxforge_consumption_monitor import imports
from nxforge_consumption_monitor.imports import (
    ImportOptions,
    ImportView,
    Kind,
    NumberFormat,
    Unit,
)
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, load_texts, ui

from ._drafts import Drafts

__all__ = ["FileToImport", "ImportForms"]

say = load_texts(__package__)

_Context = PluginContext[MonitorSettings]


class FileToImport(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of a CSV file.

    Attributes:
        endpoint: Name of the endpoint they are of.
        text: The file, with its header. Longer ones go in by `nxforge` or the API.
        kind: Whether the values are what the register showed, or the energy of each
            interval.
        number_format: What comma and dot mean; `auto` refuses what can be read in two
            ways.
        time_format: `iso`, `epoch`, `epoch-ms`, or such as `%d.%m.%Y %H:%M`.
    """

    endpoint: Annotated[str, Meta(min_length=1, max_length=200)]
    text: Annotated[str, Meta(min_length=1, max_length=90_000)]
    kind: Kind = "register"
    unit: Unit = "kWh"
    number_format: NumberFormat = "auto"
    time_format: Annotated[str, Meta(min_length=1, max_length=200)] = "iso"

    @property
    def options(self) -> ImportOptions:
        """How it is to be read, and where it goes."""
        return ImportOptions(
            endpoint=self.endpoint,
            kind=self.kind,
            unit=self.unit,
            number_format=self.number_format,
            time_format=self.time_format,
            name="entered on the page",
        )


class _Draft(msgspec.Struct, frozen=True):
    file: FileToImport
    view: ImportView


class ImportForms:
    """The form of one host, with the files that people look at."""

    def __init__(self) -> None:
        self._drafts: Drafts[_Draft] = Drafts()

    async def known(
        self, ctx: _Context, params: ui.Params, reader: ui.Reader
    ) -> FileToImport | dict[str, object]:
        """What was looked at."""
        draft = self._drafts.asked(ctx, params, reader)
        return {} if draft is None else draft.file

    async def look(
        self, ctx: _Context, data: FileToImport, reader: ui.Reader
    ) -> ui.Done:
        """Do the same as an import, and take it back."""
        view = await self._run(ctx, data, reader, dry_run=True)
        draft = self._drafts.keep(reader.name, _Draft(data, view), ctx.clock.now())
        words = say("Nothing is stored yet; see what would be.")
        return ui.Done(words, go=ui.Link(say("Imports"), "imports", {"draft": draft}))

    async def store(
        self, ctx: _Context, params: ui.Params, reader: ui.Reader
    ) -> ui.Done:
        """Import what was looked at."""
        file = self._drafts.must(ctx, params, reader).file
        view = await self._run(ctx, file, reader, dry_run=False)
        self._drafts.forget(params["draft"])
        words = say("{inserted} readings of {endpoint_name} are stored.").format(
            inserted=view.result.inserted, endpoint_name=view.endpoint_name
        )
        return ui.Done(words, go=ui.Link(say("Imports"), "imports"))

    def shown(
        self, ctx: _Context, params: ui.Params, reader: ui.Reader
    ) -> ImportView | None:
        """What the file of the address would change; None before one was looked at."""
        draft = self._drafts.asked(ctx, params, reader)
        return None if draft is None else draft.view

    async def _run(
        self, ctx: _Context, file: FileToImport, reader: ui.Reader, *, dry_run: bool
    ) -> ImportView:
        return await imports.run_import(
            ctx.db,
            ctx.clock,
            file.text,
            file.options,
            by=reader.name,
            dry_run=dry_run,
        )
