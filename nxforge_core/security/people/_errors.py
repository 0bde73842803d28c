"""Errors of people, their passwords and their sessions.

::

    UsageError
      WeakPasswordError      a password that somebody would guess
      PersonRequiredError    the caller is no person with an account
      ConflictError
        DuplicateNameError   somebody or something has this name already
        LastAdminError       nobody could administer the host any more
        RoleInUseError       people or tokens have this role
    AccessError
      WrongLoginError        name and password do not fit
      DeadLinkError          a link that was used, is too old, or never was
      TooManyLoginsError     too many failures; says when the next try counts
      BeyondOwnError         more than the caller may do
      CrossOriginError       a browser says that another site asks
    UnavailableError
      LoginBusyError         more log-ins at once than the host checks
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from nxforge_core.api import (
    AccessError,
    ConflictError,
    UnavailableError,
    UsageError,
)

__all__ = [
    "BeyondOwnError",
    "CrossOriginError",
    "DeadLinkError",
    "DuplicateNameError",
    "LastAdminError",
    "LoginBusyError",
    "PersonRequiredError",
    "RoleInUseError",
    "TooManyLoginsError",
    "WeakPasswordError",
    "WrongLoginError",
]


class WeakPasswordError(UsageError):
    """A password that somebody would guess; it is not named."""

    code = "weak_password"

    def __init__(self, why: str) -> None:
        super().__init__(
            f"the password {why}",
            remedy="take some words that have nothing to do with each other",
        )
        self.why = why


class PersonRequiredError(UsageError):
    """The caller is a token or a guest, and has no account."""

    code = "person_required"

    def __init__(self, caller: str) -> None:
        super().__init__(
            f"{caller!r} has no account of its own",
            remedy="log in as a person; 'nxforge users create' makes an account",
        )
        self.caller = caller


class DuplicateNameError(ConflictError):
    """Somebody or something has this name already."""

    code = "duplicate_name"

    def __init__(self, *, kind: str, name: str) -> None:
        super().__init__(
            f"there is a {kind} named {name!r} already", remedy="choose another name"
        )
        self.kind = kind
        self.name = name


class LastAdminError(ConflictError):
    """Nobody could administer the host any more."""

    code = "last_admin"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name!r} is the last active person with the role 'admin'",
            remedy="give another person that role first",
        )
        self.name = name


class RoleInUseError(ConflictError):
    """People or tokens have this role."""

    code = "role_in_use"

    def __init__(self, role: str, holders: Iterable[str]) -> None:
        self.role = role
        self.holders = tuple(holders)
        super().__init__(
            f"the role {role!r} is held by {', '.join(self.holders)}",
            remedy="give them another role first",
        )


class WrongLoginError(AccessError):
    """Name and password do not fit; which of them, and why, is not said."""

    code = "wrong_login"
    status = 401

    def __init__(self) -> None:
        super().__init__(
            "name or password is wrong",
            remedy="try again, or ask an administrator for a link that sets a new one",
        )


class DeadLinkError(AccessError):
    """A link that was used, is too old, or never was."""

    code = "dead_link"
    status = 401

    def __init__(self) -> None:
        super().__init__(
            "this link was used, is too old, or never was one",
            remedy="'nxforge users setup-link' or 'nxforge users reset-link NAME' "
            "prints a new one",
        )


class TooManyLoginsError(AccessError):
    """Too many log-ins failed; the next one counts later."""

    code = "too_many_logins"
    status = 429

    def __init__(self, seconds: float) -> None:
        self.seconds = max(1, math.ceil(seconds))
        super().__init__(
            "too many log-ins failed",
            remedy=f"try again in {self.seconds} s",
        )


class BeyondOwnError(AccessError):
    """Nobody gives away, or takes over, more than they hold themselves."""

    code = "beyond_own"

    def __init__(self, caller: str, grants: Iterable[str]) -> None:
        self.caller = caller
        self.grants = tuple(sorted(grants))
        super().__init__(
            f"{caller!r} does not hold {', '.join(self.grants)}",
            remedy="ask somebody who holds it",
        )


class CrossOriginError(AccessError):
    """A browser says that another site asks, or does not say which one."""

    code = "cross_origin"

    def __init__(self, origin: str = "") -> None:
        super().__init__(
            f"this request comes from {origin or 'an unknown origin'}, not from a "
            "page of this host",
            remedy="programs send a token instead of a cookie; a proxy must pass the "
            "header Host on unchanged",
        )
        self.origin = origin


class LoginBusyError(UnavailableError):
    """More log-ins at once than the host checks."""

    code = "login_busy"

    def __init__(self) -> None:
        super().__init__(
            "too many log-ins are being checked", remedy="try again in a moment"
        )
