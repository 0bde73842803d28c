"""The set-up of a new host: the steps of its own, then those that plugins bring."""

from __future__ import annotations

import asyncio
from typing import Final

import msgspec

from nxforge_core.api import (
    Body,
    Model,
    NxForgeError,
    PluginContext,
    RouteSpec,
    load_texts,
)
from nxforge_core.api.pages import Link, Page, Reader, Source, Step

from ._context import CoreContext
from ._security import CallerRequest
from ._told import tell

__all__ = ["ROUTES", "all_steps", "dismiss", "is_over", "reopen"]

say = load_texts("nxforge_core")

_SECONDS: Final = 3.0
_MANAGE: Final = "nxforge:setup:manage"


class StepView(Model):
    """One step of the set-up."""

    title: str
    done: bool
    text: str


class SetupView(Model):
    """How far the set-up is.

    Attributes:
        shown: The start page of administrators shows the steps.
    """

    shown: bool
    steps: list[StepView]


class SetupRequest(Body):
    """Whether the start page is to show the steps."""

    shown: bool


async def show_setup(ctx: CoreContext, request: CallerRequest) -> SetupView:
    """The steps, and whether the start page still shows them."""
    caller = request.user
    steps = await all_steps(ctx, Reader(caller.name, caller.may))
    return SetupView(
        shown=not await is_over(ctx, steps),
        steps=[
            StepView(title=str(s.title), done=s.done, text=str(s.text)) for s in steps
        ],
    )


async def change_setup(
    ctx: CoreContext, request: CallerRequest, data: SetupRequest
) -> SetupView:
    """Take the steps off the start page of everybody, or put them there again."""
    await (reopen if data.shown else dismiss)(ctx, request)
    return await show_setup(ctx, request)


async def all_steps(ctx: CoreContext, reader: Reader) -> list[Step]:
    """The host's own, then one for each page of a plugin that has one."""
    offered = [
        (page, context, page.first)
        for page, context in ctx.host.pages()
        if page.first is not None and (page.public or reader.may(str(page.permission)))
    ]
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_of_plugin(*each)) for each in offered]
    own = [await _people(ctx), _database(ctx), await _networks(ctx)]
    return [*own, *([task.result() for task in tasks] or _no_plugin(ctx))]


async def is_over(ctx: CoreContext, steps: list[Step]) -> bool:
    """Whether nobody needs to see them any more; once all are done, that is kept."""
    set_up = ctx.host.security.set_up
    if await set_up.end() is not None:
        return True
    done = all(each.done for each in steps)
    if done:
        await set_up.finish()
    return done


async def dismiss(ctx: CoreContext, request: CallerRequest) -> None:
    """Nobody is shown the steps any more."""
    await ctx.host.security.set_up.dismiss(request.user.name)
    await tell(ctx, request, "setup.dismiss", "setup")


async def reopen(ctx: CoreContext, request: CallerRequest) -> None:
    """They are shown again."""
    await ctx.host.security.set_up.reopen()
    await tell(ctx, request, "setup.reopen", "setup")


async def _people(ctx: CoreContext) -> Step:
    done = await ctx.host.security.accounts.has_admin()
    words = (
        say("Somebody can log in and administer the host.")
        if done
        else say("Nobody can log in with a password and administer the host yet.")
    )
    link = None if done else Link(say("Make an account"), "users")
    return Step(title=say("An administrator"), done=done, text=words, link=link)


def _database(ctx: CoreContext) -> Step:
    server, url = ctx.host.server, ctx.host.loaded.settings.database.url
    own = say("one of its own, in the data directory")
    time = (
        say("with TimescaleDB")
        if server.timescaledb
        else say("without TimescaleDB, which pays off from millions of rows a day on")
    )
    words = say("PostgreSQL {version}, {where}, {time}.").format(
        version=server.version_text,
        where=own if url is None else say("yours"),
        time=time,
    )
    link = Link(say("Health"), "health")
    return Step(title=say("A database"), done=True, text=words, link=link)


async def _networks(ctx: CoreContext) -> Step:
    networks = ctx.host.networks
    entries = [*networks.fixed, *(one.entry for one in await networks.list())]
    words = str(say("Nothing is allowed yet, so nothing is fetched."))
    if entries:
        named = ", ".join(entries[:_NAMED])
        more = say("Allowed: {names} and {n} more.") if entries[_NAMED:] else None
        words = (more or say("Allowed: {names}.")).format(
            names=named, n=len(entries) - _NAMED
        )
    return Step(
        title=say("Networks the host may fetch from"),
        done=bool(entries),
        text=words,
        link=Link(say("Change them") if entries else say("Allow one"), "setup#allow"),
    )


_NAMED: Final = 3


async def _of_plugin(page: Page, context: PluginContext, first: Source) -> Step:
    """What the plugin says; whatever is wrong with it stays with it."""
    plugin = context.plugin.id
    try:
        async with asyncio.timeout(_SECONDS):
            step = msgspec.convert(await first(context), Step)
    except (Exception, SystemExit) as error:  # it is a plugin's code
        context.log.exception("set-up not asked", page=page.name)
        known = error.message if isinstance(error, NxForgeError) else None
        words = say("{plugin} could not say how far it is: {why}.").format(
            plugin=plugin, why=known or say("the log says why")
        )
        return Step(title=page.title, done=False, text=words, link=_way(plugin, page))
    if step.link is None:
        return msgspec.structs.replace(step, link=_way(plugin, page))
    if _is_page(step.link.to):
        to = f"{plugin}/{step.link.to}"
        link = msgspec.structs.replace(step.link, to=to)
        return msgspec.structs.replace(step, link=link)
    return step


def _way(plugin: str, page: Page) -> Link:
    return Link(page.title, f"{plugin}/{page.name}")


def _is_page(to: str) -> bool:
    """Whether it is a page of the plugin itself."""
    return "/" not in to and ":" not in to


def _no_plugin(ctx: CoreContext) -> list[Step]:
    """A host without a plugin has nothing to do."""
    running = any(each.state == "running" for each in ctx.host.plugins())
    words = (
        say("Those that run have nothing to set up.")
        if running
        else say("None runs: 'nxforge plugins enable ID' enables one.")
    )
    link = Link(say("Plugins"), "plugins")
    return [Step(title=say("A plugin"), done=running, text=words, link=link)]


ROUTES = [
    RouteSpec("GET", "/api/v1/setup", show_setup, permission=_MANAGE),
    RouteSpec("PATCH", "/api/v1/setup", change_setup, permission=_MANAGE),
]
