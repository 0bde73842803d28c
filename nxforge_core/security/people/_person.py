"""A person with an account: what is known, what may be asked of it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

import msgspec

from nxforge_core.api import InvalidInputError

__all__ = ["NewPerson", "Person", "PersonChange", "check_facts"]

#: Begins with a letter, so that it is never mistaken for an id; has no blanks.
_NAME: Final = re.compile(r"[^\W\d_][\w.@+-]{0,63}\Z")
_EMAIL: Final = re.compile(r"[^\s@\x00-\x1f\x7f]{1,64}@[^\s@\x00-\x1f\x7f]{1,190}\Z")
_PRINTABLE: Final = re.compile(
    r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]{0,100}\Z"
)


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody with an account; the password is not part of it.

    Attributes:
        password_at: When the password was set; None while there is none yet.
    """

    id: int
    name: str
    display_name: str
    email: str | None
    role: str
    active: bool
    created_at: datetime
    password_at: datetime | None
    last_login_at: datetime | None


class NewPerson(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who gets an account; the password is set with a link."""

    name: str
    role: str
    display_name: str = ""
    email: str | None = None


class PersonChange(msgspec.Struct, frozen=True, kw_only=True):
    """What is to change; what is unset stays."""

    display_name: str | msgspec.UnsetType = msgspec.UNSET
    email: str | msgspec.UnsetType | None = msgspec.UNSET
    role: str | msgspec.UnsetType = msgspec.UNSET
    active: bool | msgspec.UnsetType = msgspec.UNSET

    def given(self) -> dict[str, str | bool | None]:
        """The members that are set."""
        members = ((name, getattr(self, name)) for name in self.__struct_fields__)
        return {name: value for name, value in members if value is not msgspec.UNSET}


def check_facts(facts: dict[str, str | bool | None]) -> None:
    """Refuse what would garble a list or could not be typed in.

    Raises:
        InvalidInputError: name, display name or e-mail address is one of these.
    """
    name, email = facts.get("name", "x"), facts.get("email")
    if not _NAME.match(str(name)):
        remedy = "begin with a letter; up to 64 letters, digits and _.@+-"
        raise InvalidInputError(field="name", value=name, remedy=remedy)
    if email is not None and not _EMAIL.match(str(email)):
        remedy = "write it as name@example.org"
        raise InvalidInputError(field="email", value=email, remedy=remedy)
    shown = facts.get("display_name", "")
    if not _PRINTABLE.match(str(shown)):
        remedy = "use up to 100 characters of one line"
        raise InvalidInputError(field="display_name", value=shown, remedy=remedy)
