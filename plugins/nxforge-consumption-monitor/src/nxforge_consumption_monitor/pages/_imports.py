"""Readings from files: what each would change, and what those before did."""

from __future__ import annotations

from typing import Final, get_args

from nxforge_consumption_monitor import imports
from nxforge_consumption_monitor.imports import (
    ImportView,
    Kind,
    NumberFormat,
    Rejection,
)
from nxforge_consumption_monitor.permissions import READ_READINGS, WRITE_READINGS
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, load_texts, ui

from ._drafts import draft_source
from ._import_forms import FileToImport, ImportForms
from ._words import named_options

__all__ = ["imports_page"]

say = load_texts(__package__)

_Context = PluginContext[MonitorSettings]

_FIELDS: Final = {
    "text": ui.Field(
        say("Rows"), lines=8, placeholder="time;kWh\n2025-03-01T00:00;12543.5"
    ),
    "kind": ui.Field(options=named_options(get_args(Kind))),
    "number_format": ui.Field(options=named_options(get_args(NumberFormat))),
    "time_format": ui.Field(say("Times are written as")),
}


def imports_page() -> ui.Page:
    """The page of one host."""
    forms = ImportForms()
    return ui.Page(
        name="imports",
        title=say("Imports"),
        intro=say("Readings from files; you see what changes before it is stored."),
        icon="table",
        permission=READ_READINGS,
        links=(ui.Link(say("Type in a register"), "type-in"),),
        body=(_form(forms), *_preview(forms), _before()),
    )


def _form(forms: ImportForms) -> ui.Form:
    return ui.Form(
        say("Look at a file"),
        FileToImport,
        forms.look,
        forms.known,
        _FIELDS,
        name="file",
        button=say("See what it would change"),
        permission=WRITE_READINGS,
    )


def _preview(forms: ImportForms) -> tuple[ui.Widget, ...]:
    return (
        ui.Notices(
            say("What it would change"),
            draft_source(forms.shown, _notices, []),
            needs="draft",
            permission=WRITE_READINGS,
        ),
        ui.Action(
            say("Import"),
            forms.store,
            style="primary",
            needs="draft",
            text=say("Stores the good rows of the file that was looked at last."),
            permission=WRITE_READINGS,
        ),
        ui.Table(
            say("Rows that are not taken"),
            draft_source(forms.shown, _rejected, []),
            (
                ui.Column("row", say("Line"), "number"),
                ui.Column("text", say("Row"), "code"),
                ui.Column("reason", say("Why")),
            ),
            name="rejected",
            needs="draft",
            permission=WRITE_READINGS,
            size=20,
            empty=say("Every row is good, or no file was looked at yet."),
        ),
    )


def _notices(view: ImportView) -> list[ui.Notice]:
    found = view.result
    words = say(
        "Of {rows} rows {inserted} are new, {duplicate} known, {conflict} contradict"
        " what is stored, {rejected} are not taken; {n} months and {days} days get"
        " another energy."
    ).format(
        rows=found.rows,
        inserted=found.inserted,
        duplicate=found.duplicate,
        conflict=found.conflict,
        rejected=found.rejected,
        n=len(found.months),
        days=found.days,
    )
    level: ui.Level = "warning" if found.rejected or found.conflict else "ok"
    return [ui.Notice(words, level), *map(ui.Notice, found.notes)]


def _rejected(view: ImportView) -> list[Rejection]:
    return list(view.result.rejections)


async def _rows(ctx: _Context) -> list[dict[str, object]]:
    return [
        {
            "id": each.id,
            "endpoint": ui.Link(
                each.endpoint_name, "endpoint", {"id": each.endpoint_id}
            ),
            "name": each.name,
            "at": each.created_at,
            "by": each.created_by,
            "rows": each.result.rows,
            "inserted": each.result.inserted,
            "rejected": each.result.rejected,
        }
        for each in await imports.imports(ctx)
    ]


def _before() -> ui.Table:
    return ui.Table(
        say("Imports so far"),
        _rows,
        (
            ui.Column("endpoint", say("Endpoint"), sort=True),
            ui.Column("name", say("File"), sort=True),
            ui.Column("at", say("When"), "time", sort=True),
            ui.Column("by", say("By"), sort=True),
            ui.Column("rows", say("Rows"), "number", sort=True),
            ui.Column("inserted", say("New"), "number", sort=True),
            ui.Column("rejected", say("Not taken"), "number", sort=True),
        ),
        name="imports",
        key="id",
        sort="-at",
        search=True,
        empty=say("No file was imported yet."),
    )
