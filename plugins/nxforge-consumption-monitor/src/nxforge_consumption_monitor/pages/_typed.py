"""The page on which a register is typed in."""

from __future__ import annotations

from typing import Final

from nxforge_consumption_monitor.imports import TypedReadingView
from nxforge_consumption_monitor.models import plain
from nxforge_consumption_monitor.permissions import READ_READINGS, WRITE_READINGS
from nxforge_core.api import load_texts, ui

from ._choices import meter_choices
from ._drafts import draft_source
from ._restated import CHANGE_COLUMNS, change_rows
from ._typed_forms import RegisterRead, TypedForms

__all__ = ["type_in_page"]

say = load_texts(__package__)

_OUTCOMES: Final = {
    "inserted": "It is new.",
    "replaced": "It takes the place of what a poll or an import stored then.",
    "duplicate": "The same is stored already: nothing would change.",
}
_LEVELS: Final[dict[str, ui.Level]] = {"manual": "ok", "suspect": "warning"}


def type_in_page() -> ui.Page:
    """The page of one host."""
    forms = TypedForms()
    return ui.Page(
        name="type-in",
        title=say("Type in a register"),
        intro=say(
            "For a meter that was read off by hand; you see what it changes first."
        ),
        menu=False,
        permission=READ_READINGS,
        links=(ui.Link(say("Imports"), "imports"),),
        body=(
            ui.Form(
                say("What the meter shows"),
                RegisterRead,
                forms.look,
                forms.known,
                {
                    "endpoint": ui.Field(say("Meter"), choices=meter_choices),
                    "timestamp": ui.Field(say("Read at")),
                    "register_kwh": ui.Field(say("Register"), unit="kWh"),
                },
                name="read",
                button=say("See what it would change"),
                permission=WRITE_READINGS,
                layout="columns",
            ),
            *_preview(forms),
        ),
    )


def _preview(forms: TypedForms) -> tuple[ui.Widget, ...]:
    return (
        ui.Notices(
            say("What would become of it"),
            draft_source(forms.shown, _notices, []),
            name="outcome",
            needs="draft",
            permission=WRITE_READINGS,
        ),
        ui.Action(
            say("Store it"),
            forms.store,
            style="primary",
            needs="draft",
            text=say("Stores the register that was looked at last."),
            permission=WRITE_READINGS,
        ),
        ui.Table(
            say("Days and months with another energy"),
            draft_source(forms.shown, _changes, []),
            CHANGE_COLUMNS,
            name="changes",
            needs="draft",
            csv=False,
            size=20,
            permission=WRITE_READINGS,
            empty=say("No register was looked at yet, or it would change no energy."),
        ),
    )


def _changes(view: TypedReadingView) -> list[dict[str, object]]:
    return change_rows(view.restated)


def _notices(view: TypedReadingView) -> list[ui.Notice]:
    words = say("{plain:,f} kWh would count as {quality}.").format(
        plain=plain(view.register_kwh), quality=view.quality
    )
    why = f" {view.reason[:1].upper()}{view.reason[1:]}." if view.reason else ""
    level = _LEVELS.get(view.quality, "bad")
    return [ui.Notice(f"{words}{why} {_OUTCOMES[view.outcome]}", level)]
