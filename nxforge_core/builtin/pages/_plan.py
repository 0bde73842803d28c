"""What another version of a plugin changes, consent to it, and the way out."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from nxforge_core.api import UnknownItemError, load_texts, ui
from nxforge_core.builtin._caller import Caller
from nxforge_core.builtin._context import CoreContext
from nxforge_core.builtin._upkeep import (
    Consent,
    Removal,
    agree_to_plugin,
    list_orphans,
    rehearse_plugin,
    remove_plugin,
    show_migrations,
    show_plan,
)
from nxforge_core.plugins.upkeep import MigrationStep, Plan

__all__ = ["ORPHANS", "PLAN_PAGE"]

say = load_texts("nxforge_core")

_READ, _MANAGE = "nxforge:plugins:read", "nxforge:plugins:manage"
_LEVELS: Final[dict[str, ui.Level]] = {
    "applied": "ok",
    "pending": "info",
    "changed": "bad",
    "gone": "bad",
}


class Removed(msgspec.Struct, frozen=True, kw_only=True):
    """A removal.

    Attributes:
        name: The plugin's id, to be sure.
        export: Write all of it to a file on the host's machine first.
    """

    name: Annotated[str, Meta(min_length=1, max_length=50)]
    export: bool = True


async def _plan(ctx: CoreContext, params: ui.Params) -> Plan:
    return await show_plan(ctx, params.get("id", ""))


async def _facts(ctx: CoreContext, params: ui.Params) -> list[ui.Fact]:
    try:
        plan = await _plan(ctx, params)
    except UnknownItemError:
        gone = say("It is not installed; what it stored is still here.")
        return [ui.Fact(say("Package"), gone)]
    return [
        ui.Fact(say("Plugin"), plan.plugin, "code"),
        ui.Fact(say("Version that ran last"), plan.before or say("none")),
        ui.Fact(say("Version installed now"), plan.version),
        ui.Fact(say("It would not serve"), plan.problem or say("no")),
        ui.Fact(say("Needs consent"), ", ".join(plan.consent) or say("no")),
        ui.Fact(say("Processes start anew"), plan.restart or say("no")),
    ]


async def _parts(ctx: CoreContext, params: ui.Params) -> list[dict[str, object]]:
    try:
        plan = await _plan(ctx, params)
    except UnknownItemError:
        return []
    return [
        {"kind": part.kind, "what": what, "change": say(change)}
        for part in plan.parts
        for change, found in (("added", part.added), ("removed", part.removed))
        for what in found
    ]


async def _migrations(ctx: CoreContext, params: ui.Params) -> list[dict[str, object]]:
    try:
        steps = await show_migrations(ctx, params.get("id", ""))
    except UnknownItemError:
        return []
    return [_step(each) for each in steps]


def _step(step: MigrationStep) -> dict[str, object]:
    return {
        "id": step.id,
        "state": ui.State(say(step.state), _LEVELS[step.state]),
        "rehearsed": say("yes") if step.transactional else say("no"),
        "back": say("yes") if step.way_back else say("no"),
        "at": step.applied_at or "",
    }


async def _rehearse(ctx: CoreContext, params: ui.Params) -> ui.Done:
    done = (await rehearse_plugin(ctx, params.get("id", ""))).rehearsal
    if done is None:
        return ui.Done(say("There is nothing to rehearse."))
    if done.problem is not None:
        return ui.Done(
            say("It would fail: {problem}. Nothing was changed.").format(
                problem=done.problem
            )
        )
    return ui.Done(
        say("All went well, and all was undone. Ran: {ran}. Left out: {left}.").format(
            ran=", ".join(done.ran) or "-", left=", ".join(done.left) or "-"
        )
    )


async def _agree(ctx: CoreContext, reader: Caller, params: ui.Params) -> ui.Done:
    plan = await _plan(ctx, params)
    consent = Consent(version=plan.version)
    shown = await agree_to_plugin(ctx, reader.request, plan.plugin, consent)
    return ui.Done(
        say("Agreed to version {version}: {state}.").format(
            version=plan.version, state=shown.state
        )
    )


async def _remove(
    ctx: CoreContext, data: Removed, reader: Caller, params: ui.Params
) -> ui.Done:
    wanted = Removal(confirm=data.name, export=data.export)
    receipt = await remove_plugin(ctx, reader.request, params.get("id", ""), wanted)
    words = say("{plugin} is removed: {bytes} bytes. Left: {left}. Export: {file}.")
    return ui.Done(
        words.format(
            plugin=receipt.plugin,
            bytes=receipt.bytes,
            left=", ".join(receipt.residue) or say("nothing"),
            file=receipt.export or say("none"),
        )
    )


async def _orphans(ctx: CoreContext) -> list[dict[str, object]]:
    return [
        {
            "plugin": ui.Link(each.id, "plugin-plan", {"id": each.id}),
            "version": each.version,
            "package": each.distribution,
            "size": each.bytes / 1_000_000,
        }
        for each in await list_orphans(ctx)
    ]


ORPHANS: Final = ui.Table(
    say("Data without a package"),
    _orphans,
    (
        ui.Column("plugin", say("Plugin")),
        ui.Column("version", say("Version that ran last")),
        ui.Column("package", say("Package"), "code"),
        ui.Column("size", say("Size"), "number", "MB", 1, sort=True),
    ),
    csv=False,
    live="module.*",
    empty=say("There is none: every plugin with data here is installed."),
)

PLAN_PAGE: Final = ui.Page(
    name="plugin-plan",
    title=say("Plan and removal"),
    intro=say(
        "What it changes to run the plugin as it is installed now; nothing is changed "
        "by looking."
    ),
    menu=False,
    permission=_READ,
    links=(ui.Link(say("All plugins"), "plugins"),),
    body=(
        ui.Detail(
            say("The plan"), _facts, permission=_MANAGE, width="half", live="module.*"
        ),
        ui.Action(
            say("Agree"),
            _agree,
            permission=_MANAGE,
            confirm=say("Let it have all that the installed version asks for?"),
            text=say(
                "A version that asks for more permissions or capabilities than before "
                "does not serve until you agree."
            ),
        ),
        ui.Action(
            say("Rehearse"),
            _rehearse,
            permission=_MANAGE,
            confirm=say("Run its migrations and undo them? Its tables wait meanwhile."),
            text=say("Runs the migrations and the checks, and undoes all of it."),
        ),
        ui.Table(
            say("What comes and goes"),
            _parts,
            (
                ui.Column("kind", say("Kind"), sort=True),
                ui.Column("what", say("What"), "code"),
                ui.Column("change", say("Change"), sort=True),
            ),
            permission=_MANAGE,
            live="module.*",
            empty=say("Nothing: it adds what it added when it ran last."),
        ),
        ui.Table(
            say("Migrations"),
            _migrations,
            (
                ui.Column("id", say("Migration"), "code", sort=True),
                ui.Column("state", say("State"), sort=True),
                ui.Column("rehearsed", say("Can be rehearsed")),
                ui.Column("back", say("Can be undone")),
                ui.Column("at", say("Applied"), "age", sort=True),
            ),
            live="module.*",
            empty=say("It has no tables."),
        ),
        ui.Form(
            say("Remove it"),
            Removed,
            _remove,
            name="remove",
            permission=_MANAGE,
            fields={
                "name": ui.Field(label=say("Type its id")),
                "export": ui.Field(label=say("Export it first")),
            },
            button=say("Remove"),
            confirm=say("Remove its tables, runs, settings and files?"),
            text=say(
                "It must be disabled. Its package stays until pip removes it; an "
                "export is brought back with 'nxforge plugins restore FILE'."
            ),
        ),
    ),
)
