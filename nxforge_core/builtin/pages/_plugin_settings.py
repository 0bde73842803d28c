"""The settings of one plugin as a form, made of the plugin's own struct."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec.structs import FieldInfo, fields

from nxforge_core.api import load_texts, ui
from nxforge_core.builtin._caller import Caller
from nxforge_core.builtin._context import CoreContext
from nxforge_core.builtin._plugin_settings import (
    OwnSetting,
    SettingsChange,
    change_settings,
    list_own_settings,
)
from nxforge_core.plugins import Plugin
from nxforge_core.plugins.settings import to_json
from nxforge_core.settings import MASK, attribute_words, is_secret_name

__all__ = ["settings_page", "settings_page_name"]

say = load_texts("nxforge_core")

_READ, _MANAGE = "nxforge:settings:read", "nxforge:settings:manage"
_LEVELS: Final[dict[str, ui.Level]] = {"default": "unknown", "database": "ok"}


def settings_page_name(plugin: str) -> str:
    """What the page is called, among those of the system."""
    return f"settings-of-{plugin}"


def settings_page(plugin: Plugin, fixed: Collection[str]) -> ui.Page | None:
    """The page of a plugin's settings; None where it has none.

    Args:
        plugin: Whose.
        fixed: Names of what a file or the environment says.
    """
    if plugin.specs.settings is None:
        return None
    model = plugin.specs.settings.model
    title = plugin.manifest.display_name if plugin.manifest else plugin.id
    return ui.Page(
        name=settings_page_name(plugin.id),
        title=say("Settings of {plugin}").format(plugin=title),
        menu=False,
        permission=_READ,
        links=(ui.Link(say("The plugin"), "plugin", {"id": plugin.id}),),
        body=(_form(plugin.id, model, fixed), _table(plugin.id)),
    )


def _form(plugin: str, model: type[msgspec.Struct], fixed: Collection[str]) -> ui.Form:
    words = attribute_words(model)
    speak = load_texts(model.__module__)
    named = {name: str(speak(text)).replace("`", "") for name, text in words.items()}

    async def source(ctx: CoreContext) -> dict[str, Any]:
        known = await list_own_settings(ctx, plugin)
        return {each.name: each.value for each in known if not each.secret}

    async def submit(ctx: CoreContext, data: msgspec.Struct, reader: Caller) -> ui.Done:
        known = await list_own_settings(ctx, plugin)
        change = SettingsChange(set=_changes(data, known))
        await change_settings(ctx, reader.request, plugin, change)
        return ui.Done(
            say("Saved. It counts from now on, in every process.")
            if change.set
            else say("Nothing is another than before.")
        )

    return ui.Form(
        say("Settings"),
        _entered(model),
        submit,
        source,
        name="settings",
        fields={
            each.name: ui.Field(
                help=named.get(each.name, ""),
                secret=is_secret_name(each.name),
                fixed=say("The file or the environment says it.")
                if each.name in fixed
                else "",
            )
            for each in fields(model)
        },
        permission=_MANAGE,
        width="half",
    )


def _entered(model: type[msgspec.Struct]) -> type[msgspec.Struct]:
    """The struct that is entered: of a secret, nothing means that it stays."""
    return msgspec.defstruct(
        model.__name__,
        [_field(each) for each in fields(model)],
        module=model.__module__,
        frozen=True,
        kw_only=True,
    )


def _field(field: FieldInfo) -> tuple[str, Any, Any]:
    kind = str if field.type is Path else field.type
    if is_secret_name(field.name):
        return field.name, kind | None, None
    if field.default is not msgspec.NODEFAULT:
        return field.name, kind, field.default
    return field.name, kind, msgspec.field(default_factory=field.default_factory)


def _changes(data: msgspec.Struct, known: list[OwnSetting]) -> dict[str, Any]:
    """What was entered and is another than what counts now."""
    entered = to_json(data)
    return {
        each.name: entered[each.name]
        for each in known
        if not each.fixed and _differs(each, entered[each.name])
    }


def _differs(setting: OwnSetting, entered: object) -> bool:
    if setting.secret:
        return entered is not None
    return bool(entered != setting.value)


def _table(plugin: str) -> ui.Table:
    async def rows(ctx: CoreContext) -> list[dict[str, object]]:
        return [_row(each) for each in await list_own_settings(ctx, plugin)]

    async def reset(ctx: CoreContext, keys: list[str], reader: Caller) -> ui.Done:
        await change_settings(ctx, reader.request, plugin, SettingsChange(unset=keys))
        return ui.Done(say("As by default: {names}.").format(names=", ".join(keys)))

    return ui.Table(
        say("Where each value is from"),
        rows,
        (
            ui.Column("name", say("Setting"), "code"),
            ui.Column("value", say("Value"), "code"),
            ui.Column("source", say("From")),
            ui.Column("default", say("Default"), "code", hidden=True),
            ui.Column("expected", say("What fits"), hidden=True),
            ui.Column("by", say("Set by")),
            ui.Column("at", say("Set"), "age"),
        ),
        name="values",
        key="name",
        actions=(
            ui.RowAction(
                "reset",
                say("Back to the default"),
                reset,
                permission=_MANAGE,
                many=True,
                single=False,
            ),
        ),
        csv=False,
        width="half",
    )


def _row(setting: OwnSetting) -> dict[str, object]:
    return {
        "name": setting.name,
        "value": _text(setting, setting.value),
        "source": ui.State(
            say(setting.source), _LEVELS.get(setting.source, "info"), setting.place
        ),
        "default": _text(setting, setting.default),
        "expected": setting.expected,
        "by": setting.changed_by or "",
        "at": setting.changed_at or "",
    }


def _text(setting: OwnSetting, value: object) -> str:
    if setting.secret:
        return MASK if setting.given else str(say("not set"))
    return msgspec.json.encode(value).decode()
