"""Joins people, tokens and the audit trail on one database."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from nxforge_core.api import Clock
from nxforge_core.builtin import Security
from nxforge_core.events import Listener
from nxforge_core.plugins import Inventory
from nxforge_core.security import RoleBook, TokenStore
from nxforge_core.security.audit import AuditTrail, protect_audit
from nxforge_core.security.people import (
    Accounts,
    CookieNames,
    Entrance,
    Links,
    Logins,
    OwnRoles,
    Sessions,
    SetUp,
)
from nxforge_core.services import get_log
from nxforge_core.settings import PeopleSettings

from ._core import Core
from ._housekeeping import flushing

__all__ = ["following", "open_security"]

#: Told by triggers of the tables whenever somebody may less than before.
_CHANNEL: Final = "nxforge_access"


async def open_security(
    core: Core,
    settings: PeopleSettings,
    clock: Clock,
    inventory: Inventory,
) -> Security:
    """Make the stores, and take the right to change the trail away from the host."""
    database = core.database
    sessions = Sessions(
        database, clock, settings.session_idle, settings.session_longest
    )
    known = ("nxforge", socket.gethostname())
    logins = Logins(database, clock, sessions, settings.password_length, known)
    protection = await protect_audit(database, core.instance)
    if protection:
        get_log(None).warning("audit trail", why=protection)
    manifests = [plugin.manifest for plugin in inventory if plugin.manifest]
    return Security(
        accounts=Accounts(database, clock),
        own_roles=OwnRoles(database, clock),
        sessions=sessions,
        tokens=TokenStore(database, clock),
        links=Links(database, clock),
        logins=logins,
        entrance=Entrance(database, clock, sessions, logins),
        set_up=SetUp(database, clock),
        audit=AuditTrail(database),
        roles=RoleBook.of(manifests),
        cookies=CookieNames(core.instance),
        protection=protection,
    )


@asynccontextmanager
async def following(
    security: Security, listener: Listener, revoked: Callable[[], None]
) -> AsyncIterator[None]:
    """Forget at once what another process revoked; store once a minute what is held.

    Args:
        security: Remembers who may what.
        listener: Hears of changes.
        revoked: Told as well: what is open since before has to show that it still may.
    """

    def forget() -> None:
        security.tokens.forget()
        security.sessions.forget()

    def heard(_: str) -> None:
        forget()
        revoked()

    end = listener.listen(_CHANNEL, heard, forget)
    try:
        held = security.tokens, security.sessions, security.logins.troubles
        async with flushing(held):
            yield
    finally:
        end()
