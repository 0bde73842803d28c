"""What is installed, what it adds, and why one does not serve."""

from __future__ import annotations

from typing import Final

from nxforge_core.api import load_texts, ui
from nxforge_core.builtin._caller import Caller
from nxforge_core.builtin._context import CoreContext
from nxforge_core.builtin._plugins import (
    PluginView,
    disable_plugin,
    enable_plugin,
    list_plugins,
    reload_plugin,
)

from ._plan import ORPHANS
from ._words import counted

__all__ = ["PLUGINS_PAGE", "plugin_state"]

say = load_texts("nxforge_core")

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
    return ui.State(say(plugin.state), _LEVELS.get(plugin.state, "unknown"), note)


async def _notices(ctx: CoreContext) -> list[ui.Notice]:
    if not ctx.host.loaded.settings.plugins.safe:
        return []
    words = say(
        "This host was started with --safe: it starts no plugin. What is enabled here "
        "starts with the next one."
    )
    return [ui.Notice(words, "warning")]


async def _rows(ctx: CoreContext) -> list[dict[str, object]]:
    return [_row(ctx, each) for each in await list_plugins(ctx)]


def _row(ctx: CoreContext, plugin: PluginView) -> dict[str, object]:
    adds = plugin.adds
    parts = (
        counted(len(adds.routes), "route"),
        counted(len(adds.jobs), "job"),
        counted(len(adds.pages), "page"),
        str(say("tables")) if adds.migrations else "",
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
        "adds": ", ".join(filter(None, parts)) or say("nothing yet"),
        "browser": say("yes") if ctx.host.modules_of(plugin.id) else say("no"),
    }


async def _enable(ctx: CoreContext, keys: list[str], reader: Caller) -> ui.Done:
    states = [(await enable_plugin(ctx, reader.request, key)).state for key in keys]
    return ui.Done(f"{', '.join(keys)}: {', '.join(states)}.")


async def _disable(ctx: CoreContext, keys: list[str], reader: Caller) -> ui.Done:
    for key in keys:
        await disable_plugin(ctx, reader.request, key)
    return ui.Done(
        say("{keys} serves no more. What it stored stays.").format(keys=", ".join(keys))
    )


async def _reload(ctx: CoreContext, keys: list[str], reader: Caller) -> ui.Done:
    states = [(await reload_plugin(ctx, reader.request, key)).state for key in keys]
    return ui.Done(
        say("{keys} started once more: {states}.").format(
            keys=", ".join(keys), states=", ".join(states)
        )
    )


_MANAGE: Final = "nxforge:plugins:manage"
_ACTIONS: Final = (
    ui.RowAction(
        "enable", say("Enable"), _enable, permission=_MANAGE, many=True, single=False
    ),
    ui.RowAction(
        "reload",
        say("Reload"),
        _reload,
        permission=_MANAGE,
        confirm=say(
            "Start the selected ({n}) once more? Open requests and running jobs get "
            "their grace."
        ),
        many=True,
        single=False,
    ),
    ui.RowAction(
        "disable",
        say("Disable"),
        _disable,
        permission=_MANAGE,
        confirm=say(
            "Disable the selected ({n})? Their pages, routes and jobs stop; their "
            "data stays."
        ),
        style="danger",
        many=True,
        single=False,
    ),
)

PLUGINS_PAGE: Final = ui.Page(
    name="plugins",
    title=say("Plugins"),
    intro=say("What is installed, what it adds, and why one does not serve."),
    icon="plug",
    permission="nxforge:plugins:read",
    body=(
        ui.Notices(say("Now"), _notices),
        ui.Table(
            say("Plugins"),
            _rows,
            (
                ui.Column("name", say("Plugin"), sort=True),
                ui.Column("state", say("State"), sort=True),
                ui.Column("remedy", say("What to do")),
                ui.Column("version", say("Version")),
                ui.Column("adds", say("Adds")),
                ui.Column("browser", say("JavaScript"), hidden=True),
                ui.Column("package", say("Package"), sort=True),
                ui.Column("id", say("Id"), hidden=True),
                ui.Column("since", say("Since"), "age", hidden=True),
            ),
            key="id",
            actions=_ACTIONS,
            search=True,
            live="module.*",
            every=60,
            empty=say(
                "No plugin is installed. 'nxforge new' writes one, pip installs it."
            ),
        ),
        ORPHANS,
        ui.Text(
            say(
                "A plugin is installed with `pip install NAME` beside the "
                "running host and enabled here, or with `nxforge plugins "
                "enable ID`."
            )
        ),
    ),
)
