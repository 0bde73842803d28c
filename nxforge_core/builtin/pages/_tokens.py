"""Tokens for programs: one's own, and everybody's for who manages them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from nxforge_core.api import load_texts, ui
from nxforge_core.builtin._caller import Caller
from nxforge_core.builtin._context import CoreContext
from nxforge_core.builtin._tokens import (
    Token,
    TokenRequest,
    create_token,
    list_all,
    list_own,
    revoke_any,
    revoke_own,
)

from ._words import names, number_of_row

__all__ = ["TOKENS_PAGE"]

say = load_texts("nxforge_core")

_READ, _WRITE = "nxforge:me:read", "nxforge:me:write"
_MANAGE = "nxforge:tokens:manage"
_SOON: Final = timedelta(days=14)


class NewToken(msgspec.Struct, frozen=True, kw_only=True):
    """A token that is wanted.

    Attributes:
        name: What it is for.
        days: After which it ends; empty: never.
        role: Makes one that belongs to nobody; empty: it is yours.
        permissions: What it may at the most; empty: all that its holder may.
        plugins: Whose permissions count; empty: everybody's.
    """

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    days: Annotated[int, Meta(ge=1, le=3650)] | None = 90
    role: str = ""
    permissions: list[str] = msgspec.field(default_factory=list)
    plugins: list[str] = msgspec.field(default_factory=list)


async def _own(ctx: CoreContext, reader: Caller) -> list[dict[str, object]]:
    if reader.request.user.person is None:
        return []
    found = await list_own(ctx, reader.request)
    return [_row(each, ctx.clock.now()) for each in found]


async def _all(ctx: CoreContext) -> list[dict[str, object]]:
    return [_row(each, ctx.clock.now()) for each in await list_all(ctx)]


def _row(token: Token, now: datetime) -> dict[str, object]:
    return {
        "id": token.id,
        "name": token.name,
        "hint": f"{token.hint}\N{HORIZONTAL ELLIPSIS}",
        "owner": token.owner or say("nobody"),
        "role": token.role,
        "permissions": names(token.permissions) if token.permissions else say("all"),
        "plugins": names(token.plugins) if token.plugins else say("all"),
        "state": _state(token, now),
        "last_used_at": token.last_used_at or say("never"),
        "expires_at": token.expires_at or say("never"),
        "created_at": token.created_at,
    }


def _state(token: Token, now: datetime) -> ui.State:
    if token.expires_at is None:
        return ui.State(say("holds"), "ok")
    if token.expires_at <= now:
        return ui.State(say("expired"), "bad")
    if token.expires_at - now < _SOON:
        return ui.State(say("expires soon"), "warning")
    return ui.State(say("holds"), "ok")


async def _create(ctx: CoreContext, data: NewToken, reader: Caller) -> ui.Done:
    end = None if data.days is None else ctx.clock.now() + timedelta(days=data.days)
    wanted = TokenRequest(
        name=data.name,
        role=data.role or None,
        permissions=data.permissions or None,
        plugins=data.plugins or None,
        expires_at=end,
    )
    made = await create_token(ctx, reader.request, wanted)
    words = f"{made.name} is made. Keep it now, it is shown only once:"
    return ui.Done(words, secret=made.text)


async def _revoke_own(ctx: CoreContext, keys: list[str], reader: Caller) -> ui.Done:
    for key in keys:
        await revoke_own(ctx, reader.request, number_of_row(key, "token"))
    return ui.Done(say("Revoked: {keys}.").format(keys=len(keys)))


async def _revoke_any(ctx: CoreContext, keys: list[str], reader: Caller) -> ui.Done:
    for key in keys:
        await revoke_any(ctx, reader.request, number_of_row(key, "token"))
    return ui.Done(say("Revoked: {keys}.").format(keys=len(keys)))


def _revoke(run: ui.Deed, permission: str) -> Sequence[ui.RowAction]:
    words = say("Revoke {n}? Programs that use it are refused at once.")
    return (
        ui.RowAction(
            "revoke",
            say("Revoke"),
            run,
            permission=permission,
            confirm=words,
            style="danger",
            many=True,
        ),
    )


_COLUMNS: Final = (
    ui.Column("name", say("Name"), sort=True),
    ui.Column("state", say("State"), sort=True),
    ui.Column("hint", say("Begins with"), "code"),
    ui.Column("owner", say("Whose"), sort=True),
    ui.Column("role", say("Role"), sort=True),
    ui.Column("last_used_at", say("Last used"), "age"),
    ui.Column("expires_at", say("Ends"), "age"),
    ui.Column("permissions", say("May"), hidden=True),
    ui.Column("plugins", say("Plugins"), hidden=True),
    ui.Column("created_at", say("Made"), "time", hidden=True),
)

TOKENS_PAGE: Final = ui.Page(
    name="tokens",
    title=say("API tokens"),
    intro=say("What programs show to be let in."),
    icon="key",
    permission=_READ,
    body=(
        ui.Table(
            say("Your tokens"),
            _own,
            _COLUMNS,
            name="own",
            key="id",
            actions=_revoke(_revoke_own, _WRITE),
            csv=False,
            empty=say("You have no token. Make one for each program, below."),
        ),
        ui.Form(
            say("Make a token"),
            NewToken,
            _create,
            fields={"days": ui.Field(label=say("Ends after"), unit=say("days"))},
            permission=_WRITE,
            button=say("Make it"),
            text=say("Programs send it in the header Authorization: Bearer TOKEN."),
        ),
        ui.Table(
            say("Everybody's tokens"),
            _all,
            _COLUMNS,
            name="all",
            key="id",
            search=True,
            permission=_MANAGE,
            actions=_revoke(_revoke_any, _MANAGE),
            csv=False,
            empty=say("There is no token."),
        ),
    ),
)
