"""One plugin: its state, what it adds, how its hooks and checks went."""

from __future__ import annotations

from typing import Final

from nxforge_core.api import load_texts, ui
from nxforge_core.builtin._context import CoreContext
from nxforge_core.builtin._plugins import PluginView, find_plugin, show_plugin
from nxforge_core.builtin._usage import show_usage

from ._health import check_row
from ._plugin_files import FILES
from ._plugin_settings import settings_page_name
from ._plugins import plugin_state
from ._words import job_link, names

__all__ = ["PLUGIN_PAGE"]

say = load_texts("nxforge_core")


async def _plugin(ctx: CoreContext, params: ui.Params) -> PluginView:
    return await show_plugin(ctx, params.get("id", ""))


async def _reason(ctx: CoreContext, params: ui.Params) -> list[ui.Notice]:
    plugin = await _plugin(ctx, params)
    reason = plugin.reason
    if reason is None:
        return []
    place = f" ({reason.file}:{reason.line})" if reason.file else ""
    words = f"{reason.phase}: {reason.message}{place}. {reason.remedy}."
    return [
        ui.Notice(
            say("{words} The host runs without it.").format(words=words),
            plugin_state(plugin).level,
        )
    ]


async def _facts(ctx: CoreContext, params: ui.Params) -> list[ui.Fact]:
    plugin = await _plugin(ctx, params)
    return [
        ui.Fact(say("Id"), plugin.id, "code"),
        ui.Fact(say("Name"), plugin.display_name or plugin.id),
        ui.Fact(say("What it is for"), plugin.description or say("it does not say")),
        ui.Fact(say("State"), plugin_state(plugin)),
        ui.Fact(say("Since"), plugin.since, "age"),
        ui.Fact(say("Version"), plugin.version),
        ui.Fact(say("Package"), plugin.distribution, "code"),
        ui.Fact(say("Pages"), names(plugin.adds.pages)),
        ui.Fact(say("Tables of its own"), plugin.adds.migrations),
        ui.Fact(
            say("Other versions"),
            ui.Link(say("Plan and removal"), "plugin-plan", {"id": plugin.id}),
        ),
        ui.Fact(say("Settings"), _settings(ctx, plugin.id)),
        ui.Fact(say("JavaScript"), ctx.host.modules_of(plugin.id) is not None),
    ]


def _settings(ctx: CoreContext, plugin: str) -> object:
    if find_plugin(ctx, plugin).specs.settings is None:
        return say("none")
    return ui.Link(say("see and change"), settings_page_name(plugin))


async def _trace(ctx: CoreContext, params: ui.Params) -> list[ui.LogLine]:
    reason = (await _plugin(ctx, params)).reason
    if reason is None:
        return []
    return [
        ui.LogLine(
            f"{reason.phase}: {reason.message}",
            reason.at,
            "error",
            detail=reason.traceback or "",
        )
    ]


async def _routes(ctx: CoreContext, params: ui.Params) -> list[dict[str, object]]:
    return [
        {
            "method": each.method,
            "path": each.path,
            "permission": say("everybody") if each.public else each.permission,
        }
        for each in (await _plugin(ctx, params)).adds.routes
    ]


async def _jobs(ctx: CoreContext, params: ui.Params) -> list[dict[str, object]]:
    usage = await show_usage(ctx, params.get("id", ""))
    plugin = await _plugin(ctx, params)
    known = {each.job: each for each in usage.jobs}
    rows: list[dict[str, object]] = []
    for name in plugin.adds.jobs:
        found = known.get(name)  # type: ignore[call-overload]  # a name is a text
        rows.append(
            {
                "job": job_link(plugin.id, name),
                "runs": found.runs if found else 0,
                "seconds": found.seconds if found else 0.0,
                "memory": found.memory_growth / 1_000_000 if found else 0.0,
            }
        )
    return rows


async def _usage(ctx: CoreContext, params: ui.Params) -> list[ui.Fact]:
    usage = await show_usage(ctx, params.get("id", ""))
    routes, loop = usage.routes, usage.loop
    blocks = str(say("never"))
    if loop.blocks:
        words = say("{count} times, {seconds} s in all; last at {place}")
        blocks = words.format(
            count=loop.blocks,
            seconds=f"{loop.seconds:.1f}",
            place=loop.stack[-1] if loop.stack else "?",
        )
    return [
        ui.Fact(say("Loading"), f"{usage.load.milliseconds:.1f} ms"),
        ui.Fact(say("Requests answered"), _amount(routes.requests, routes.seconds)),
        ui.Fact(say("Requests failed"), routes.failures),
        ui.Fact(
            say("Database used"),
            _amount(usage.database.loans, usage.database.held_seconds),
        ),
        ui.Fact(say("Waited for it"), f"{usage.database.wait_seconds:.2f} s"),
        ui.Fact(say("Tables"), _megabytes(usage.database.size or 0)),
        ui.Fact(
            say("Requests sent"), _amount(usage.fetches.requests, usage.fetches.seconds)
        ),
        ui.Fact(say("Files kept"), _megabytes(usage.files.size)),
        ui.Fact(say("Blocked the event loop"), blocks),
    ]


def _amount(count: int, seconds: float) -> str:
    return f"{count} ({seconds:.2f} s)"


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"


async def _hooks(ctx: CoreContext, params: ui.Params) -> list[dict[str, object]]:
    return [
        {"hook": each.hook, "ms": each.milliseconds, "outcome": each.outcome}
        for each in (await _plugin(ctx, params)).hooks
    ]


async def _checks(ctx: CoreContext, params: ui.Params) -> list[dict[str, object]]:
    plugin = params.get("id", "")
    return [check_row(plugin, each) for each in await ctx.host.check_plugin(plugin)]


PLUGIN_PAGE: Final = ui.Page(
    name="plugin",
    title=say("Plugin"),
    menu=False,
    permission="nxforge:plugins:read",
    links=(ui.Link(say("All plugins"), "plugins"),),
    body=(
        ui.Notices(say("Why it does not serve"), _reason, live="module.*"),
        ui.Detail(say("About it"), _facts, width="half", live="module.*"),
        ui.Table(
            say("Health"),
            _checks,
            (
                ui.Column("name", say("Check")),
                ui.Column("state", say("State")),
                ui.Column("ms", say("Took"), "number", "ms", 1),
            ),
            width="half",
            csv=False,
            every=60,
            empty=say("It has no health check, or it does not run."),
        ),
        ui.Table(
            say("Jobs"),
            _jobs,
            (
                ui.Column("job", say("Job"), sort=True),
                ui.Column("runs", say("Measured runs"), "number", sort=True),
                ui.Column("seconds", say("Work"), "duration", sort=True),
                ui.Column(
                    "memory", say("Memory grew by"), "number", "MB", 1, sort=True
                ),
            ),
            permission="nxforge:jobs:read",
            empty=say("It has no job."),
        ),
        ui.Detail(
            say("What it costs"),
            _usage,
            name="usage",
            width="half",
            every=60,
            permission="nxforge:plugins:read",
        ),
        FILES,
        ui.Table(
            say("Routes"),
            _routes,
            (
                ui.Column("method", say("Method"), sort=True),
                ui.Column("path", say("Path"), "code", sort=True),
                ui.Column("permission", say("Who may"), sort=True),
            ),
            search=True,
            empty=say("It has no route."),
        ),
        ui.Table(
            say("Hooks"),
            _hooks,
            (
                ui.Column("hook", say("Hook"), "code"),
                ui.Column("ms", say("Took"), "number", "ms", 1, sort=True),
                ui.Column("outcome", say("What came of it")),
            ),
            csv=False,
            empty=say("No hook of it was called yet."),
        ),
        ui.Logs(say("Error"), _trace, empty=say("It has no error.")),
    ),
)
