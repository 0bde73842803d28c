"""The page on which many endpoints are created at once."""

from __future__ import annotations

from typing import Final

from nxforge_consumption_monitor.endpoints import BulkView
from nxforge_consumption_monitor.permissions import WRITE_ENDPOINTS
from nxforge_core.api import load_texts, ui

from ._bulk_forms import BulkForms, EndpointsToCreate
from ._drafts import draft_source

__all__ = ["endpoint_import_page"]

say = load_texts(__package__)

_API: Final = "/api/v1/m/consumption-monitor/endpoints/export"
_EXAMPLE: Final = (
    "name,url,template,group\nRack 1,http://192.0.2.10,shelly-gen1-em,North"
)
_HELP: Final = say("""
The header names the columns: `name` and `url`; `template` for the rules of a known
device, or `rules` as JSON; and where need be `group`, `location`, `clientName`,
`intervalS`, `maxKw`, `multiplier`, `authType`, `username`, `secret`. The export has all
of them and no secret: change it, and it can be imported on another host.
""")


def endpoint_import_page() -> ui.Page:
    """The page of one host."""
    forms = BulkForms()
    return ui.Page(
        name="endpoint-import",
        title=say("Import endpoints"),
        intro=say("Many devices from one list; you see what is wrong with it first."),
        menu=False,
        permission=WRITE_ENDPOINTS,
        links=(
            ui.Link(say("All endpoints"), "endpoints"),
            ui.Link(say("Export as CSV"), _API, {"format": "csv"}),
        ),
        body=(ui.Text(_HELP), _form(forms), *_preview(forms)),
    )


def _form(forms: BulkForms) -> ui.Form:
    return ui.Form(
        say("The list"),
        EndpointsToCreate,
        forms.look,
        fields={"text": ui.Field(say("Endpoints"), lines=10, placeholder=_EXAMPLE)},
        name="list",
        button=say("See what it would create"),
    )


def _preview(forms: BulkForms) -> tuple[ui.Widget, ...]:
    return (
        ui.Notices(
            say("What it would create"),
            draft_source(forms.shown, _notices, []),
            name="outcome",
            needs="draft",
        ),
        ui.Action(
            say("Create them"),
            forms.store,
            style="primary",
            needs="draft",
            text=say("Creates the good rows of the list that was looked at last."),
        ),
        *_rows(forms),
    )


def _rows(forms: BulkForms) -> tuple[ui.Widget, ...]:
    return (
        ui.Table(
            say("Rows that are not taken"),
            draft_source(forms.shown, _rejected, []),
            (
                ui.Column("row", say("Line"), "number", sort=True),
                ui.Column("name", say("Name"), sort=True),
                ui.Column("reason", say("Why")),
                ui.Column("remedy", say("What to do")),
            ),
            name="rejected",
            needs="draft",
            size=20,
            empty=say("Every row is good, or no list was looked at yet."),
        ),
        ui.Table(
            say("Endpoints that it would create"),
            draft_source(forms.shown, _created, []),
            (
                ui.Column("row", say("Line"), "number", sort=True),
                ui.Column("name", say("Name"), sort=True),
            ),
            name="created",
            needs="draft",
            size=20,
            csv=False,
            empty=say("None yet."),
        ),
    )


def _notices(view: BulkView) -> list[ui.Notice]:
    words = say(
        "Of {rows} rows {created} would be endpoints, and {rejected} are not taken."
    ).format(rows=view.rows, created=view.created, rejected=view.rejected)
    return [ui.Notice(words, "warning" if view.rejected else "ok")]


def _rejected(view: BulkView) -> list[dict[str, object]]:
    return [
        {
            "row": each.row,
            "name": each.name,
            "reason": each.reason,
            "remedy": each.remedy,
        }
        for each in view.rejections
    ]


def _created(view: BulkView) -> list[dict[str, object]]:
    return [{"row": each.row, "name": each.name} for each in view.endpoints]
