"""People, their sessions, and what the roles hold."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from nxforge_core.api import load_texts, ui
from nxforge_core.builtin._caller import Caller
from nxforge_core.builtin._context import CoreContext
from nxforge_core.builtin._sessions import end_any
from nxforge_core.builtin._sessions import list_all as list_sessions
from nxforge_core.builtin._users import (
    User,
    UserPatch,
    UserRequest,
    change_user,
    create_user,
    list_users,
    make_password_link,
)

from ._roles import ROLES
from ._words import number_of_row

__all__ = ["USERS_PAGE"]

say = load_texts("nxforge_core")

_READ, _MANAGE = "nxforge:users:read", "nxforge:users:manage"


class NewUser(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who gets an account.

    Attributes:
        name: To log in with.
        role: One of the roles below.
    """

    name: Annotated[str, Meta(min_length=1, max_length=64)]
    role: str = "viewer"
    display_name: str = ""
    email: str | None = None


class NewRole(msgspec.Struct, frozen=True, kw_only=True):
    """Another role for somebody.

    Attributes:
        name: Whose.
    """

    name: str
    role: str


async def _rows(ctx: CoreContext) -> list[dict[str, object]]:
    return [_row(each) for each in await list_users(ctx)]


def _row(user: User) -> dict[str, object]:
    state = (
        ui.State(say("active"), "ok") if user.active else ui.State(say("deactivated"))
    )
    if user.active and user.password_at is None:
        state = ui.State(say("no password yet"), "warning")
    return {
        "name": user.name,
        "display_name": user.display_name,
        "role": user.role,
        "state": state,
        "last_login_at": user.last_login_at or "never",
        "email": user.email or "",
        "created_at": user.created_at,
    }


async def _sessions(ctx: CoreContext, reader: Caller) -> list[dict[str, object]]:
    return [
        {
            "id": each.id,
            "name": each.name,
            "state": ui.State(say("this one"), "info") if each.current else "",
            "last_used_at": each.last_used_at,
            "ends_at": each.ends_at,
            "address": each.address,
            "agent": each.agent,
        }
        for each in await list_sessions(ctx, reader.request)
    ]


async def _create(ctx: CoreContext, data: NewUser, reader: Caller) -> ui.Done:
    wanted = UserRequest(
        name=data.name,
        role=data.role,
        display_name=data.display_name,
        email=data.email or None,
    )
    user = await create_user(ctx, reader.request, wanted)
    return await _link(ctx, user.name, reader, f"{user.name} has an account.")


async def _link(ctx: CoreContext, name: str, reader: Caller, words: str) -> ui.Done:
    made = await make_password_link(ctx, reader.request, name)
    words = f"{words} The link sets a password once, within a day:"
    return ui.Done(words, secret=made.path)


async def _password(ctx: CoreContext, keys: list[str], reader: Caller) -> ui.Done:
    return await _link(ctx, keys[0], reader, f"For {keys[0]}.")


async def _role(ctx: CoreContext, data: NewRole, reader: Caller) -> ui.Done:
    patch = UserPatch(role=data.role)
    user = await change_user(ctx, reader.request, data.name, patch)
    return ui.Done(say("{name} is {role}.").format(name=user.name, role=user.role))


async def _activate(ctx: CoreContext, keys: list[str], reader: Caller) -> ui.Done:
    return await _switch(ctx, keys, reader, active=True)


async def _deactivate(ctx: CoreContext, keys: list[str], reader: Caller) -> ui.Done:
    return await _switch(ctx, keys, reader, active=False)


async def _switch(
    ctx: CoreContext, keys: list[str], reader: Caller, *, active: bool
) -> ui.Done:
    for name in keys:
        await change_user(ctx, reader.request, name, UserPatch(active=active))
    word = "Active" if active else "Deactivated"
    return ui.Done(f"{word}: {', '.join(keys)}.")


async def _end(ctx: CoreContext, keys: list[str], reader: Caller) -> ui.Done:
    for key in keys:
        await end_any(ctx, reader.request, number_of_row(key, "session"))
    return ui.Done(say("Ended: {keys}.").format(keys=len(keys)))


_DEEDS: Final = (
    ui.RowAction("password", say("Password link"), _password, permission=_MANAGE),
    ui.RowAction(
        "deactivate",
        say("Deactivate"),
        _deactivate,
        permission=_MANAGE,
        confirm=say("Deactivate {n}? Their sessions and tokens end at once."),
        style="danger",
        many=True,
        single=False,
    ),
    ui.RowAction(
        "activate",
        say("Activate"),
        _activate,
        permission=_MANAGE,
        many=True,
        single=False,
    ),
)
_SESSIONS: Final = ui.Table(
    say("Sessions"),
    _sessions,
    (
        ui.Column("name", say("Who"), sort=True),
        ui.Column("state", say("Is")),
        ui.Column("last_used_at", say("Last used"), "age", sort=True),
        ui.Column("ends_at", say("Ends"), "age"),
        ui.Column("address", say("From")),
        ui.Column("agent", say("With"), hidden=True),
    ),
    key="id",
    actions=(
        ui.RowAction(
            "end",
            say("End"),
            _end,
            permission=_MANAGE,
            confirm=say("End {n}?"),
            many=True,
        ),
    ),
    csv=False,
    every=60,
    empty=say("Nobody is logged in."),
)

USERS_PAGE: Final = ui.Page(
    name="users",
    title=say("Users and roles"),
    intro=say("Who may log in, and what they may do then."),
    icon="user",
    permission=_READ,
    body=(
        ui.Table(
            say("People"),
            _rows,
            (
                ui.Column("name", say("Name"), sort=True),
                ui.Column("display_name", say("Called"), sort=True),
                ui.Column("role", say("Role"), sort=True),
                ui.Column("state", say("State"), sort=True),
                ui.Column("last_login_at", say("Last log-in"), "age"),
                ui.Column("email", say("Mail"), hidden=True),
                ui.Column("created_at", say("Since"), "time", hidden=True),
            ),
            key="name",
            search=True,
            actions=_DEEDS,
            empty=say("Nobody has an account yet. Make one below."),
        ),
        ui.Form(
            say("Make an account"),
            NewUser,
            _create,
            permission=_MANAGE,
            button=say("Make it"),
            width="half",
        ),
        ui.Form(say("Change a role"), NewRole, _role, permission=_MANAGE, width="half"),
        _SESSIONS,
        *ROLES,
    ),
)
