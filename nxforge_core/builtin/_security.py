"""What plugin zero asks of people, tokens and the audit trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from litestar import Request

from nxforge_core.security import Principal, RoleBook, TokenStore
from nxforge_core.security.audit import Actor, AuditTrail
from nxforge_core.security.people import (
    Accounts,
    BeyondOwnError,
    CookieNames,
    Entrance,
    Judge,
    Links,
    Logins,
    OwnRoles,
    PersonRequiredError,
    Sessions,
    SetUp,
)
from nxforge_core.services import request_id

__all__ = ["CallerRequest", "Security", "actor_of", "judge_of", "person_of"]

CallerRequest = Request[Principal, Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """Who there is and what they may do.

    Attributes:
        roles: What the built-in roles hold, and all that can be granted.
        protection: Why the database itself does not keep the host from changing its
            trail; empty where it does.
    """

    accounts: Accounts
    own_roles: OwnRoles
    sessions: Sessions
    tokens: TokenStore
    links: Links
    logins: Logins
    entrance: Entrance
    set_up: SetUp
    audit: AuditTrail
    roles: RoleBook
    cookies: CookieNames
    protection: str


def actor_of(request: CallerRequest) -> Actor:
    """Who asks, as the audit trail has it."""
    caller = request.user
    kind = "guest"
    if caller.person is not None:
        kind = "person"
    elif caller.token is not None:
        kind = "token"
    name = caller.name
    if caller.person is not None and caller.token is not None:
        name = f"{name} (token {caller.token})"
    address = request.client.host if request.client else ""
    return Actor(name, kind, address, request_id.get() or "")  # type: ignore[arg-type]  # one of them


def person_of(request: CallerRequest) -> int:
    """The account of who asks.

    Raises:
        PersonRequiredError: it has none.
    """
    if request.user.person is None:
        raise PersonRequiredError(request.user.name)
    return request.user.person


def judge_of(request: CallerRequest, roles: RoleBook) -> Judge:
    """Refuses what goes beyond what the caller holds."""
    return partial(_judge, request.user, roles)


def _judge(
    caller: Principal, roles: RoleBook, role: str, grants: Sequence[str] | None
) -> None:
    lacking = caller.lacks(roles.permissions(role, grants or ()))
    if lacking:
        raise BeyondOwnError(caller.name, lacking)
