"""One operation of the API: what it takes and answers, and a way to try it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from nxforge_core.api import load_texts, ui
from nxforge_core.builtin._caller import Caller
from nxforge_core.builtin._context import CoreContext
from nxforge_core.builtin._door import root_of
from nxforge_core.builtin.apidoc import Member, Operation, curl_line, find_operation

from ._api import method_state

__all__ = ["OPERATION_PAGE"]

say = load_texts("nxforge_core")


async def _operation(ctx: CoreContext, params: ui.Params) -> Operation:
    return find_operation(await ctx.host.openapi(), params.get("id", ""))


async def _facts(
    ctx: CoreContext, params: ui.Params, reader: ui.Reader
) -> list[ui.Fact]:
    found = await _operation(ctx, params)
    return [
        ui.Fact(say("What it does"), found.summary),
        ui.Fact(say("Method"), method_state(found.method)),
        ui.Fact(say("Path"), found.path, "code"),
        ui.Fact(say("Who may"), _who(found, reader)),
        ui.Fact(say("Belongs to"), found.plugin, "code"),
        ui.Fact(say("Name for generated clients"), found.id, "code"),
    ]


def _who(found: Operation, reader: ui.Reader) -> object:
    if found.permission is None:
        return "everybody, without a token"
    if reader.may(found.permission):
        return ui.State(say("you may"), "ok", found.permission)
    return ui.State(say("you may not"), "warning", found.permission)


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
    return ui.State(say("required"), "info") if required else "may be left out"


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
    line = ui.Fact(say("With curl"), curl_line(found, base), "code")
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
    ui.Column("name", say("Member"), "code"),
    ui.Column("kind", say("What it is")),
    ui.Column("required", say("There")),
)

OPERATION_PAGE: Final = ui.Page(
    name="operation",
    title=say("Operation"),
    menu=False,
    permission="nxforge:schema:read",
    links=(ui.Link(say("All operations"), "api"),),
    body=(
        ui.Detail(say("About it"), _facts, name="about"),
        ui.Table(
            say("Parameters"),
            _parameters,
            (
                ui.Column("name", say("Parameter"), "code"),
                ui.Column("place", say("Where")),
                ui.Column("kind", say("What it is")),
                ui.Column("required", say("There")),
            ),
            csv=False,
            size=200,
            empty=say("It takes no parameter."),
        ),
        ui.Table(
            say("Body"),
            _sent,
            _MEMBERS,
            csv=False,
            size=500,
            empty=say("It takes no body."),
        ),
        ui.Custom(
            title=say("Try it"),
            name="try",
            module="try.js",
            source=_tried,
            fallback=say(
                "A browser with JavaScript sends it from here, as you. The "
                "line below does the same from a terminal."
            ),
        ),
        ui.Detail(say("From a terminal"), _calls, name="curl"),
        ui.Table(
            say("Answers"),
            _statuses,
            (
                ui.Column("status", say("Status")),
                ui.Column("about", say("When")),
                ui.Column("media", say("Content"), "code"),
            ),
            csv=False,
        ),
        ui.Table(
            say("Members of a good answer"),
            _answered,
            _MEMBERS,
            name="answer",
            csv=False,
            size=500,
            empty=say("It answers no JSON with members."),
        ),
    ),
)
