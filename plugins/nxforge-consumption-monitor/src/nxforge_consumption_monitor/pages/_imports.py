"""Readings from files: what each would change, and what those before did."""

from __future__ import annotations

from typing import Final

from nxforge_consumption_monitor import imports
from nxforge_consumption_monitor.imports import ImportView, Rejection
from nxforge_consumption_monitor.permissions import READ_READINGS, WRITE_READINGS
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, ui

from ._drafts import draft_source
from ._import_forms import FileToImport, ImportForms

__all__ = ["imports_page"]

_Context = PluginContext[MonitorSettings]

_FIELDS: Final = {
    "text": ui.Field("Rows", lines=8, placeholder="time;kWh\n2025-03-01T00:00;12543.5"),
    "time_format": ui.Field("Times are written as"),
}


def imports_page() -> ui.Page:
    """The page of one host."""
    forms = ImportForms()
    return ui.Page(
        name="imports",
        title="Imports",
        intro="Readings from files; you see what changes before it is stored.",
        icon="table",
        permission=READ_READINGS,
        links=(ui.Link("Type in a register", "type-in"),),
        body=(_form(forms), *_preview(forms), _before()),
    )


def _form(forms: ImportForms) -> ui.Form:
    return ui.Form(
        "Look at a file",
        FileToImport,
        forms.look,
        forms.known,
        _FIELDS,
        name="file",
        button="See what it would change",
        permission=WRITE_READINGS,
    )


def _preview(forms: ImportForms) -> tuple[ui.Widget, ...]:
    return (
        ui.Notices(
            "What it would change",
            draft_source(forms.shown, _notices, []),
            needs="draft",
            permission=WRITE_READINGS,
        ),
        ui.Action(
            "Import",
            forms.store,
            style="primary",
            needs="draft",
            text="Stores the good rows of the file that was looked at last.",
            permission=WRITE_READINGS,
        ),
        ui.Table(
            "Rows that are not taken",
            draft_source(forms.shown, _rejected, []),
            (
                ui.Column("row", "Line", "number"),
                ui.Column("text", "Row", "code"),
                ui.Column("reason", "Why"),
            ),
            name="rejected",
            needs="draft",
            permission=WRITE_READINGS,
            size=20,
            empty="Every row is good, or no file was looked at yet.",
        ),
    )


def _notices(view: ImportView) -> list[ui.Notice]:
    found = view.result
    words = (
        f"Of {found.rows} rows {found.inserted} are new, {found.duplicate} known,"
        f" {found.conflict} contradict what is stored, {found.rejected} are not taken;"
        f" {len(found.months)} months and {found.days} days get another energy."
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
        "Imports so far",
        _rows,
        (
            ui.Column("endpoint", "Endpoint", sort=True),
            ui.Column("name", "File", sort=True),
            ui.Column("at", "When", "time", sort=True),
            ui.Column("by", "By", sort=True),
            ui.Column("rows", "Rows", "number", sort=True),
            ui.Column("inserted", "New", "number", sort=True),
            ui.Column("rejected", "Not taken", "number", sort=True),
        ),
        name="imports",
        key="id",
        sort="-at",
        search=True,
        empty="No file was imported yet.",
    )
