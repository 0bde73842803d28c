"""One operation of the API: what it takes and answers, and a way to try it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from nxforge_core.api import ui
from nxforge_core.builtin._caller import Caller
from nxforge_core.builtin._context import CoreContext
from nxforge_core.builtin._door import root_of
from nxforge_core.builtin.apidoc import Member, Operation, curl_line, find_operation

from ._api import method_state

__all__ = ["OPERATION_PAGE"]


async def _operation(ctx: CoreContext, params: ui.Params) -> Operation:
    return find_operation(await ctx.host.openapi(), params.get("id", ""))


async def _facts(
    ctx: CoreContext, params: ui.Params, reader: ui.Reader
) -> list[ui.Fact]:
    found = await _operation(ctx, params)
    return [
        ui.Fact("What it does", found.summary),
        ui.Fact("Method", method_state(found.method)),
        ui.Fact("Path", found.path, "code"),
        ui.Fact("Who may", _who(found, reader)),
        ui.Fact("Belongs to", found.plugin, "code"),
        ui.Fact("Name for generated clients", found.id, "code"),
    ]


def _who(found: Operation, reader: ui.Reader) -> object:
    if found.permission is None:
        return "everybody, without a token"
    if reader.may(found.permission):
        return ui.State("you may", "ok", found.permission)
    return ui.State("you may not", "warning", found.permission)


async def _parameters(ctx: CoreContext, params: ui.Params) -> list[dict[str, object]]:
    return [
        {
            "name": ui.Noted(each.name, each.about),
            "place": each.place,
            "kind": each.kind,
            "required": _must(each.required),
        }
        for each in (await _operation(ctx, params)).parameters
    ]


def _must(required: bool) -> object:  # noqa: FBT001 - a fact, not a choice
    return ui.State("required", "info") if required else "may be left out"


async def _sent(ctx: CoreContext, params: ui.Params) -> list[dict[str, object]]:
    body = (await _operation(ctx, params)).body
    return _members(body.members if body else ())


def _members(members: Sequence[Member]) -> list[dict[str, object]]:
    return [
        {
            "name": ui.Noted(each.name, each.about),
            "kind": each.kind,
            "required": _must(each.required),
        }
        for each in members
    ]


async def _answered(ctx: CoreContext, params: ui.Params) -> list[dict[str, object]]:
    found = await _operation(ctx, params)
    good = next((each for each in found.answers if each.good), None)
    return [
        {
            "name": ui.Noted(each.name, each.about),
            "kind": each.kind,
            "required": "always" if each.required else "sometimes",
        }
        for each in (good.members if good else ())
    ]


async def _statuses(ctx: CoreContext, params: ui.Params) -> list[dict[str, object]]:
    return [
        {
            "status": ui.State(each.status, "ok" if each.good else "unknown"),
            "about": each.about,
            "media": ", ".join(each.media) or "no body",
        }
        for each in (await _operation(ctx, params)).answers
    ]


async def _calls(ctx: CoreContext, params: ui.Params, reader: Caller) -> list[ui.Fact]:
    found = await _operation(ctx, params)
    url = reader.request.url
    base = f"{url.scheme}://{url.netloc}{root_of(reader.request)}"
    line = ui.Fact("With curl", curl_line(found, base), "code")
    if found.permission is None:
        return [line]
    help_ = "Keep a token in the variable TOKEN; make one on the page of tokens."
    return [msgspec.structs.replace(line, help=help_)]


class _Tried(msgspec.Struct, frozen=True, kw_only=True):
    """What the module of the page is told."""

    operation: Operation
    allowed: bool


async def _tried(ctx: CoreContext, params: ui.Params, reader: ui.Reader) -> _Tried:
    found = await _operation(ctx, params)
    needed = found.permission
    return _Tried(operation=found, allowed=needed is None or reader.may(needed))


_MEMBERS: Final = (
    ui.Column("name", "Member", "code"),
    ui.Column("kind", "What it is"),
    ui.Column("required", "There"),
)

OPERATION_PAGE: Final = ui.Page(
    name="operation",
    title="Operation",
    menu=False,
    permission="nxforge:schema:read",
    links=(ui.Link("All operations", "api"),),
    body=(
        ui.Detail("About it", _facts, name="about"),
        ui.Table(
            "Parameters",
            _parameters,
            (
                ui.Column("name", "Parameter", "code"),
                ui.Column("place", "Where"),
                ui.Column("kind", "What it is"),
                ui.Column("required", "There"),
            ),
            csv=False,
            size=200,
            empty="It takes no parameter.",
        ),
        ui.Table(
            "Body",
            _sent,
            _MEMBERS,
            csv=False,
            size=500,
            empty="It takes no body.",
        ),
        ui.Custom(
            title="Try it",
            name="try",
            module="try.js",
            source=_tried,
            fallback="A browser with JavaScript sends it from here, as you. The line "
            "below does the same from a terminal.",
        ),
        ui.Detail("From a terminal", _calls, name="curl"),
        ui.Table(
            "Answers",
            _statuses,
            (
                ui.Column("status", "Status"),
                ui.Column("about", "When"),
                ui.Column("media", "Content", "code"),
            ),
            csv=False,
        ),
        ui.Table(
            "Members of a good answer",
            _answered,
            _MEMBERS,
            name="answer",
            csv=False,
            size=500,
            empty="It answers no JSON with members.",
        ),
    ),
)
