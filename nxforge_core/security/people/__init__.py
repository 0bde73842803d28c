"""People: accounts, passwords, sessions, and the ways in."""

from __future__ import annotations

from ._accounts import Accounts, Judge, anything
from ._cookies import CookieNames, check_origin
from ._entrance import Entrance
from ._errors import (
    BeyondOwnError,
    CrossOriginError,
    DeadLinkError,
    DuplicateNameError,
    LastAdminError,
    LoginBusyError,
    PersonRequiredError,
    RoleInUseError,
    TooManyLoginsError,
    WeakPasswordError,
    WrongLoginError,
)
from ._hashing import Hasher
from ._links import Links
from ._logins import Attempt, Entered, Logins
from ._own_roles import OwnRole, OwnRoles
from ._person import NewPerson, Person, PersonChange
from ._sessions import NewSession, Origin, Sessions, SessionView, StoredSession
from ._set_up import SetUp, SetUpEnd

__all__ = [
    "Accounts",
    "Attempt",
    "BeyondOwnError",
    "CookieNames",
    "CrossOriginError",
    "DeadLinkError",
    "DuplicateNameError",
    "Entered",
    "Entrance",
    "Hasher",
    "Judge",
    "LastAdminError",
    "Links",
    "LoginBusyError",
    "Logins",
    "NewPerson",
    "NewSession",
    "Origin",
    "OwnRole",
    "OwnRoles",
    "Person",
    "PersonChange",
    "PersonRequiredError",
    "RoleInUseError",
    "SessionView",
    "Sessions",
    "SetUp",
    "SetUpEnd",
    "StoredSession",
    "TooManyLoginsError",
    "WeakPasswordError",
    "WrongLoginError",
    "anything",
    "check_origin",
]
