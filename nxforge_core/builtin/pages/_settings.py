"""What the host is told and where it may fetch from, and the room its data takes."""

from __future__ import annotations

from typing import Final

from nxforge_core.api import load_texts, ui
from nxforge_core.builtin._caller import Caller
from nxforge_core.builtin._context import CoreContext
from nxforge_core.builtin._restart import restart_host
from nxforge_core.builtin._settings import (
    Setting,
    StoredPart,
    list_settings,
    list_storage,
)
from nxforge_core.settings import about_section

from ._networks import ALLOW, NETWORKS, TRY
from ._settings_import import IMPORT

__all__ = ["SETTINGS_PAGE"]

say = load_texts("nxforge_core")

_MEGA: Final = 1_000_000
_YEAR: Final = 365
_LEVELS: Final[dict[str, ui.Level]] = {"default": "unknown"}
_WHERE: Final = {
    "database": "change it on the page of the plugin",
    "file": "change it there: {place}",
    "environment": "change the variable {place}",
    "command line": "change how the host is started",
    "program": "the program that embeds the host says it",
}


async def _notices(ctx: CoreContext) -> list[ui.Notice]:
    found = await list_settings(ctx)
    file = found.file or say("none; defaults and the environment count")
    notices = [ui.Notice(say("Settings file: {file}.").format(file=file))]
    if found.problem:
        words = say("The host could not start again: {problem}.").format(
            problem=found.problem
        )
        notices.append(ui.Notice(f"{words} {found.remedy or ''}".strip(), "bad"))
    waiting = [each.key for each in found.data if each.after_restart is not None]
    if waiting:
        words = say("Changed since the host was started: {names}.").format(
            names=", ".join(waiting)
        )
        notices.append(
            ui.Notice(
                say("{words} A restart brings it into force.").format(words=words),
                "warning",
            )
        )
    return notices


async def _rows(ctx: CoreContext) -> list[dict[str, object]]:
    return [_row(each) for each in (await list_settings(ctx)).data]


def _row(setting: Setting) -> dict[str, object]:
    return {
        "key": ui.Noted(setting.key, str(say(setting.about)).replace("`", "")),
        "group": _heading(setting.section),
        "value": ui.Noted(setting.value, _restart(setting)),
        "kind": setting.source,
        "source": _source(setting),
        "expected": setting.expected,
        "default": setting.default,
    }


def _heading(section: str) -> ui.State:
    plugin = section.removeprefix("plugin.")
    if plugin != section:
        return ui.State(
            say("Plugin {plugin}").format(plugin=plugin),
            note=say("What the plugin is told."),
        )
    words = say(about_section(section) or "What belongs to no section.")
    title = say("UI") if section == "ui" else say(section.capitalize())
    return ui.State(title, note=words)


def _source(setting: Setting) -> ui.State:
    where = _WHERE.get(setting.source, "")
    note = say(where).format(place=setting.place) if where else ""
    return ui.State(say(setting.source), _LEVELS.get(setting.source, "info"), note)


def _restart(setting: Setting) -> str:
    later = setting.after_restart
    return "" if later is None else say("After a restart: {later}").format(later=later)


async def _storage(ctx: CoreContext) -> list[dict[str, object]]:
    return [_part(each) for each in await list_storage(ctx)]


def _part(part: StoredPart) -> dict[str, object]:
    kept = (
        str(say(_KEPT[part.what]))
        if part.keep_days is None
        else say.count("{n} day at the most", "{n} days at the most", part.keep_days)
    )
    return {
        "what": say(_NAMES[part.what])
        if part.what in _NAMES
        else say("Data of {plugin}").format(plugin=part.plugin),
        "kept": kept,
        "size": part.size / _MEGA,
        "daily": say("too early to say") if part.daily is None else part.daily / _MEGA,
        "later": _later(part),
        "oldest": part.oldest,
    }


def _later(part: StoredPart) -> object:
    """In a year at the same pace; what is deleted in time stays as large as it gets."""
    if part.daily is None:
        return say("too early to say")
    if part.keep_days is not None:
        return part.daily * min(part.keep_days, _YEAR) / _MEGA
    return (part.size + part.daily * _YEAR) / _MEGA


async def _start_anew(ctx: CoreContext, reader: Caller) -> ui.Done:
    restart = await restart_host(ctx, reader.request)
    if restart.here:
        return ui.Done(say("The host starts anew; this page comes back by itself."))
    words = say("The other processes start anew; this one belongs to an application.")
    return ui.Done(words)


_KEPT: Final = {
    "audit": "for ever",
    "plugin": "as its settings say",
    "rest": "as long as it is needed",
}
_NAMES: Final = {
    "runs": "Runs and their logs",
    "audit": "Audit trail",
    "rest": "People, tokens, events, plugins",
}

SETTINGS_PAGE: Final = ui.Page(
    name="settings",
    title=say("Settings"),
    intro=say("What the host is told, where each value is from, and what it keeps."),
    icon="gear",
    permission="nxforge:settings:read",
    links=(
        ui.Link(say("Export"), "/api/v1/settings/nxforge.toml"),
        ui.Link(say("Set-up"), "setup"),
        ui.Link(say("Notifications"), "notifications"),
    ),
    body=(
        ui.Notices(say("Now"), _notices),
        ui.Section(
            say("Networks"),
            (NETWORKS, ALLOW, TRY),
            text=say(
                "Where the host may fetch from. This can be changed while it runs."
            ),
        ),
        ui.Table(
            say("All settings"),
            _rows,
            (
                ui.Column("key", say("Setting"), "code"),
                ui.Column("value", say("Value"), "code"),
                ui.Column("source", say("From")),
                ui.Column("expected", say("What fits"), hidden=True),
                ui.Column("default", say("Default"), "code", hidden=True),
            ),
            name="all",
            group="group",
            search=True,
            filters=(
                ui.Filter(
                    "kind",
                    say("From"),
                    (
                        ("default", say("defaults")),
                        ("database", say("the database")),
                        ("file", say("the file")),
                        ("environment", say("the environment")),
                        ("command line", say("the command line")),
                        ("program", say("the program around the host")),
                    ),
                ),
            ),
            size=500,
            csv=False,
        ),
        IMPORT,
        ui.Action(
            say("Restart"),
            _start_anew,
            name="restart",
            confirm=say("Start every process of the host anew?"),
            text=say(
                "Running jobs get their time to end, and no request fails: who asks "
                "meanwhile waits a moment."
            ),
            permission="nxforge:host:restart",
        ),
        ui.Table(
            say("What is kept"),
            _storage,
            (
                ui.Column("what", say("What")),
                ui.Column("kept", say("Kept")),
                ui.Column("size", say("Size"), "number", "MB", 1, sort=True),
                ui.Column("daily", say("Grows in a day"), "number", "MB", 2, sort=True),
                ui.Column("later", say("In a year"), "number", "MB", 0, sort=True),
                ui.Column("oldest", say("Oldest"), "age"),
            ),
            name="kept",
            csv=False,
        ),
    ),
)
