"""What the host is told and where it may fetch from, and the room its data takes."""

from __future__ import annotations

from typing import Final

from nxforge_core.api import ui
from nxforge_core.builtin._context import CoreContext
from nxforge_core.builtin._settings import (
    Setting,
    StoredPart,
    list_settings,
    list_storage,
)
from nxforge_core.settings import about_section

from ._networks import ALLOW, NETWORKS, TRY

__all__ = ["SETTINGS_PAGE"]

_MEGA: Final = 1_000_000
_YEAR: Final = 365
_LEVELS: Final[dict[str, ui.Level]] = {"default": "unknown"}
_WHERE: Final = {
    "file": "change it there: {place}",
    "environment": "change the variable {place}",
    "command line": "change how the host is started",
    "program": "the program that embeds the host says it",
}


async def _notices(ctx: CoreContext) -> list[ui.Notice]:
    found = await list_settings(ctx)
    file = found.file or "none; defaults and the environment count"
    notices = [ui.Notice(f"Settings file: {file}.")]
    if found.problem:
        words = f"The host could not start again: {found.problem}."
        notices.append(ui.Notice(f"{words} {found.remedy or ''}".strip(), "bad"))
    waiting = [each.key for each in found.data if each.after_restart is not None]
    if waiting:
        words = f"Changed since the host was started: {', '.join(waiting)}."
        notices.append(ui.Notice(f"{words} A restart brings it into force.", "warning"))
    return notices


async def _rows(ctx: CoreContext) -> list[dict[str, object]]:
    return [_row(each) for each in (await list_settings(ctx)).data]


def _row(setting: Setting) -> dict[str, object]:
    return {
        "key": ui.Noted(setting.key, setting.about.replace("`", "")),
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
        return ui.State(f"Plugin {plugin}", note="What the plugin is told.")
    words = about_section(section) or "What belongs to no section."
    return ui.State("UI" if section == "ui" else section.capitalize(), note=words)


def _source(setting: Setting) -> ui.State:
    note = _WHERE.get(setting.source, "").format(place=setting.place)
    return ui.State(setting.source, _LEVELS.get(setting.source, "info"), note)


def _restart(setting: Setting) -> str:
    later = setting.after_restart
    return "" if later is None else f"After a restart: {later}"


async def _storage(ctx: CoreContext) -> list[dict[str, object]]:
    return [_part(each) for each in await list_storage(ctx)]


def _part(part: StoredPart) -> dict[str, object]:
    kept = (
        "for ever" if part.keep_days is None else f"{part.keep_days} days at the most"
    )
    return {
        "what": _NAMES.get(part.what) or f"Data of {part.plugin}",
        "kept": kept,
        "size": part.size / _MEGA,
        "daily": "too early to say" if part.daily is None else part.daily / _MEGA,
        "later": _later(part),
        "oldest": part.oldest,
    }


def _later(part: StoredPart) -> object:
    """In a year at the same pace; what is deleted in time stays as large as it gets."""
    if part.daily is None:
        return "too early to say"
    if part.keep_days is not None:
        return part.daily * min(part.keep_days, _YEAR) / _MEGA
    return (part.size + part.daily * _YEAR) / _MEGA


_NAMES: Final = {
    "runs": "Runs and their logs",
    "audit": "Audit trail",
    "rest": "People, tokens, events, plugins",
}

SETTINGS_PAGE: Final = ui.Page(
    name="settings",
    title="Settings",
    intro="What the host is told, where each value is from, and what it keeps.",
    icon="gear",
    permission="nxforge:settings:read",
    links=(
        ui.Link("Export", "/api/v1/settings/nxforge.toml"),
        ui.Link("Set-up", "setup"),
    ),
    body=(
        ui.Notices("Now", _notices),
        ui.Section(
            "Networks",
            (NETWORKS, ALLOW, TRY),
            text="Where the host may fetch from. This can be changed while it runs.",
        ),
        ui.Table(
            "All settings",
            _rows,
            (
                ui.Column("key", "Setting", "code"),
                ui.Column("value", "Value", "code"),
                ui.Column("source", "From"),
                ui.Column("expected", "What fits", hidden=True),
                ui.Column("default", "Default", "code", hidden=True),
            ),
            name="all",
            group="group",
            search=True,
            filters=(
                ui.Filter(
                    "kind",
                    "From",
                    (
                        ("default", "defaults"),
                        ("file", "the file"),
                        ("environment", "the environment"),
                        ("command line", "the command line"),
                        ("program", "the program around the host"),
                    ),
                ),
            ),
            size=500,
            csv=False,
        ),
        ui.Table(
            "What is kept",
            _storage,
            (
                ui.Column("what", "What"),
                ui.Column("kept", "Kept"),
                ui.Column("size", "Size", "number", "MB", 1, sort=True),
                ui.Column("daily", "Grows in a day", "number", "MB", 2, sort=True),
                ui.Column("later", "In a year", "number", "MB", 0, sort=True),
                ui.Column("oldest", "Oldest", "age"),
            ),
            name="kept",
            csv=False,
        ),
    ),
)
