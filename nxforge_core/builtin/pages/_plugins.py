"""What is installed, what it adds, and why one does not serve."""

from __future__ import annotations

from typing import Final

from nxforge_core.api import ui
from nxforge_core.builtin._caller import Caller
from nxforge_core.builtin._context import CoreContext
from nxforge_core.builtin._plugins import (
    PluginView,
    disable_plugin,
    enable_plugin,
    list_plugins,
    reload_plugin,
)

from ._words import counted

__all__ = ["PLUGINS_PAGE", "plugin_state"]

_LEVELS: Final[dict[str, ui.Level]] = {
    "running": "ok",
    "enabled": "info",
    "degraded": "warning",
    "quarantined": "bad",
    "incompatible": "bad",
    "missing": "bad",
}


def plugin_state(plugin: PluginView) -> ui.State:
    """Its state, with the reason."""
    reason = plugin.reason
    note = f"{reason.phase}: {reason.message}" if reason else ""
    return ui.State(plugin.state, _LEVELS.get(plugin.state, "unknown"), note)


async def _rows(ctx: CoreContext) -> list[dict[str, object]]:
    return [_row(ctx, each) for each in await list_plugins(ctx)]


def _row(ctx: CoreContext, plugin: PluginView) -> dict[str, object]:
    adds = plugin.adds
    parts = (
        counted(len(adds.routes), "route"),
        counted(len(adds.jobs), "job"),
        counted(len(adds.pages), "page"),
        "tables" if adds.migrations else "",
    )
    words = plugin.display_name or plugin.id
    return {
        "name": ui.Link(words, "plugin", {"id": plugin.id}),
        "id": plugin.id,
        "state": plugin_state(plugin),
        "remedy": plugin.reason.remedy if plugin.reason else "",
        "since": plugin.since,
        "version": plugin.version,
        "package": plugin.distribution,
        "adds": ", ".join(filter(None, parts)) or "nothing yet",
        "browser": "yes" if ctx.host.modules_of(plugin.id) else "no",
    }


async def _enable(ctx: CoreContext, keys: list[str], reader: Caller) -> ui.Done:
    states = [(await enable_plugin(ctx, reader.request, key)).state for key in keys]
    return ui.Done(f"{', '.join(keys)}: {', '.join(states)}.")


async def _disable(ctx: CoreContext, keys: list[str], reader: Caller) -> ui.Done:
    for key in keys:
        await disable_plugin(ctx, reader.request, key)
    return ui.Done(f"{', '.join(keys)} serves no more. What it stored stays.")


async def _reload(ctx: CoreContext, keys: list[str], reader: Caller) -> ui.Done:
    states = [(await reload_plugin(ctx, reader.request, key)).state for key in keys]
    return ui.Done(f"{', '.join(keys)} started once more: {', '.join(states)}.")


_MANAGE: Final = "nxforge:plugins:manage"
_ACTIONS: Final = (
    ui.RowAction("enable", "Enable", _enable, permission=_MANAGE),
    ui.RowAction(
        "reload",
        "Reload",
        _reload,
        permission=_MANAGE,
        confirm="Start {n} once more? Open requests and running jobs get their grace.",
    ),
    ui.RowAction(
        "disable",
        "Disable",
        _disable,
        permission=_MANAGE,
        confirm="Disable {n}? Its pages, routes and jobs stop; its data stays.",
        style="danger",
    ),
)

PLUGINS_PAGE: Final = ui.Page(
    name="plugins",
    title="Plugins",
    intro="What is installed, what it adds, and why one does not serve.",
    icon="plug",
    permission="nxforge:plugins:read",
    body=(
        ui.Table(
            "Plugins",
            _rows,
            (
                ui.Column("name", "Plugin", sort=True),
                ui.Column("state", "State", sort=True),
                ui.Column("remedy", "What to do"),
                ui.Column("version", "Version"),
                ui.Column("adds", "Adds"),
                ui.Column("browser", "JavaScript"),
                ui.Column("package", "Package", sort=True),
                ui.Column("id", "Id", hidden=True),
                ui.Column("since", "Since", "age", hidden=True),
            ),
            key="id",
            actions=_ACTIONS,
            search=True,
            live="module.*",
            every=60,
            empty="No plugin is installed. 'nxforge new' writes one, pip installs it.",
        ),
        ui.Text(
            "A plugin is installed with `pip install NAME` beside the running host "
            "and enabled here, or with `nxforge plugins enable ID`."
        ),
    ),
)
