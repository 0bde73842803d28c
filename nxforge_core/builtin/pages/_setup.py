"""What a new host needs until it does its work, step by step."""

from __future__ import annotations

from typing import Final

from nxforge_core.api import load_texts, ui
from nxforge_core.builtin._caller import Caller
from nxforge_core.builtin._context import CoreContext
from nxforge_core.builtin._setup import all_steps, dismiss, is_over, reopen

from ._networks import ALLOW, NETWORKS, TRY

__all__ = ["CHECKLIST_PAGE", "SETUP_PAGE"]

say = load_texts("nxforge_core")

_MANAGE: Final = "nxforge:setup:manage"
#: Seconds: somebody waits for the first sign of life.
_SOON: Final = 3.0


async def _open_steps(ctx: CoreContext, reader: Caller) -> list[ui.Step]:
    """None once the set-up is over."""
    if await ctx.host.security.set_up.end() is not None:
        return []
    steps = await all_steps(ctx, reader)
    return [] if await is_over(ctx, steps) else steps


async def _steps(ctx: CoreContext, reader: Caller) -> list[ui.Step]:
    return await all_steps(ctx, reader)


async def _said(ctx: CoreContext, reader: Caller) -> list[ui.Notice]:
    steps = await all_steps(ctx, reader)
    if all(each.done for each in steps):
        last = steps[-1]
        words = f"{say('Everything is set up.')} {last.text}"
        return [ui.Notice(words.strip(), "ok", last.link)]
    end = await ctx.host.security.set_up.end()
    if end is not None and end.how == "dismissed":
        words = say("The start page does not show this any more: {who} said so.")
        return [ui.Notice(words.format(who=end.ended_by))]
    return []


async def _dismiss(ctx: CoreContext, reader: Caller) -> ui.Done:
    await dismiss(ctx, reader.request)
    link = ui.Link(say("The steps"), "nxforge/setup")
    return ui.Done(say("The start page does not show the set-up any more."), link)


async def _reopen(ctx: CoreContext, reader: Caller) -> ui.Done:
    await reopen(ctx, reader.request)
    return ui.Done(say("The start page shows the set-up until it is done."))


SETUP_PAGE: Final = ui.Page(
    name="setup",
    title=say("Set-up"),
    intro=say("What a new host needs until it does its work."),
    menu=False,
    permission=_MANAGE,
    links=(ui.Link(say("Start page"), "/"),),
    body=(
        ui.Notices(say("How far it is"), _said, every=_SOON),
        ui.Checklist(say("Steps"), _steps, every=_SOON),
        ALLOW,
        TRY,
        NETWORKS,
        ui.Action(
            say("Show it on the start page"),
            _reopen,
            text=say(
                "Until every step is done, the start page of administrators "
                "shows the steps."
            ),
        ),
    ),
)

CHECKLIST_PAGE: Final = ui.Page(
    name="checklist",
    title=say("Set-up"),
    menu=False,
    permission=_MANAGE,
    links=(ui.Link(say("Go on"), "setup"),),
    body=(
        ui.Checklist(
            say("Steps"),
            _open_steps,
            name="steps",
            dismiss=_dismiss,
            every=15,
            home=True,
        ),
        ui.Text(
            say(
                "The start page shows the steps here until all are done, or until "
                "somebody did away with them. [All steps](setup) stay where they are."
            )
        ),
    ),
)
