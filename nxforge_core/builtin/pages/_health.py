"""Whether the host can do its work, in one sentence first."""

from __future__ import annotations

import asyncio
from typing import Final

from nxforge_core.api import load_texts, ui
from nxforge_core.builtin._context import CheckResult, CoreContext

__all__ = ["HEALTH_PAGE", "check_row"]

say = load_texts("nxforge_core")

_DO: Final = {
    "database": "see that PostgreSQL runs: 'nxforge doctor' says more",
    "jobs": "see the log; 'nxforge doctor' says more",
    "plugins": "see why on the page of plugins",
}


async def _sentence(ctx: CoreContext) -> list[ui.Notice]:
    found = await ctx.host.readiness()
    bad = [name for name, state in found.checks.items() if state != "ok"]
    ill = [each.id for each in ctx.host.plugins() if _is_ill(each.state)]
    if bad:
        return [
            ui.Notice(
                say("The host cannot do its work: {bad}.").format(bad=", ".join(bad)),
                "bad",
            )
        ]
    if ill:
        link = ui.Link(say("Why"), "plugins")
        text = say("The host works; not at work as they should be: {ill}.")
        words = text.format(ill=", ".join(ill))
        return [ui.Notice(words, "warning", link)]
    return [ui.Notice(say("Everything works."), "ok")]


def _is_ill(state: str) -> bool:
    return state in ("degraded", "quarantined", "incompatible", "missing")


async def _checks(ctx: CoreContext) -> list[dict[str, object]]:
    return [
        {
            "name": say(name),
            "state": ui.State(say("ok"), "ok") if state == "ok" else _failing(state),
            "remedy": "" if state == "ok" else say(_DO.get(name, "")),
        }
        for name, state in (await ctx.host.readiness()).checks.items()
    ]


async def _plugins(ctx: CoreContext) -> list[dict[str, object]]:
    plugins = [each.id for each in ctx.host.plugins()]
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_asked(ctx, each)) for each in plugins]
    return [row for task in tasks for row in task.result()]


async def _asked(ctx: CoreContext, plugin: str) -> list[dict[str, object]]:
    return [check_row(plugin, each) for each in await ctx.host.check_plugin(plugin)]


def check_row(plugin: str, check: CheckResult) -> dict[str, object]:
    """What a check found, as tables show it."""
    good = check.state == "ok"
    state = ui.State(say("ok"), "ok", check.detail) if good else _failing(check.detail)
    return {
        "plugin": ui.Link(plugin, "plugin", {"id": plugin}),
        "name": check.name,
        "state": state,
        "ms": check.milliseconds,
    }


def _failing(why: str) -> ui.State:
    return ui.State(say("failing"), "bad", why)


HEALTH_PAGE: Final = ui.Page(
    name="health",
    title=say("Health"),
    intro=say("Whether the host can do its work."),
    icon="pulse",
    permission="nxforge:plugins:read",
    body=(
        ui.Notices(say("Now"), _sentence, every=15, live="module.*"),
        ui.Table(
            say("Host"),
            _checks,
            (
                ui.Column("name", say("Part")),
                ui.Column("state", say("State")),
                ui.Column("remedy", say("What to do")),
            ),
            csv=False,
            every=15,
        ),
        ui.Table(
            say("Checks of plugins"),
            _plugins,
            (
                ui.Column("plugin", say("Plugin"), sort=True),
                ui.Column("name", say("Check")),
                ui.Column("state", say("State"), sort=True),
                ui.Column("ms", say("Took"), "number", "ms", 1, sort=True),
            ),
            csv=False,
            every=60,
            empty=say("No running plugin has a health check: nxforge_health adds one."),
        ),
    ),
)
