"""How a device is logged in to: the kinds, and what each kind can be told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final, Literal, TypeAlias, get_args

import msgspec
from msgspec import Meta

from nxforge_core.api import InvalidInputError

__all__ = [
    "AuthKind",
    "AuthOptions",
    "BearerOptions",
    "FormOptions",
    "JsonLoginOptions",
    "NoOptions",
    "decode_options",
]

#: What username and secret are of each kind:
#: `basic`, `digest`, `form`, `login-json`: user name and password;
#: `bearer`: the token is the secret; `header`: the header's name and its value;
#: `cookie`: the cookie's name and its value, or no name and the whole `Cookie` header.
AuthKind = Literal[
    "none", "basic", "digest", "bearer", "header", "cookie", "form", "login-json"
]

Name = Annotated[str, Meta(max_length=200)]
Text = Annotated[str, Meta(max_length=2000)]
_HEADER: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_LOGIN_BODY: Final[dict[str, object]] = {
    "username": "{username}",
    "password": "{password}",
}


class _Options(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    rename="camel",
    forbid_unknown_fields=True,
):
    """On the wire as a `Body` is."""


class NoOptions(_Options, frozen=True):
    """Of the kinds that need none."""


class BearerOptions(_Options, frozen=True):
    """Of `bearer`.

    Attributes:
        expires_at: When the token ends, where it does not say so itself (a JWT does).
    """

    expires_at: Annotated[datetime, Meta(tz=True)] | None = None


class FormOptions(_Options, frozen=True):
    """Of `form`: log in as a person does, on the device's own page.

    Attributes:
        page: URL of the page with the form, as a link on the endpoint's page would
            say it; empty: the endpoint's own URL shows the form to who is logged out.
        form: Id or name of the form; empty: the one around the password field.
        username_field: Name of the field; empty: the last one before the password's.
        password_field: Name of the field; empty: the first of the type password.
        fields: Further fields with their values. What the page has in hidden fields is
            sent anyway.
        submit: URL the form is sent to; empty: where the form says.
        method: Empty: as the form says, and POST where it says nothing.
        logged_out: Text that only a page for strangers has; empty: any page with a
            password field is one.
    """

    page: Text = ""
    form: Name = ""
    username_field: Name = ""
    password_field: Name = ""
    fields: dict[Name, Text] = {}
    submit: Text = ""
    method: Literal["", "GET", "POST"] = ""
    logged_out: Name = ""


class JsonLoginOptions(_Options, frozen=True):
    """Of `login-json`: send the password as JSON, get a token.

    Attributes:
        url: Where to; `{username}` stands for the user name.
        body: What is sent; `{username}` and `{password}` in its texts are replaced.
        token: Keys to the token in the answer, separated by dots; empty: the answer
            has no token, its cookies are the login.
        header: Header that carries the token; empty: none does.
        prefix: What stands before the token in the header.
        parameter: Query parameter that carries the token; empty: none does.
        lifetime_s: Seconds after which to log in again; None: when the token says so
            itself, or the device refuses it.
        logged_out: Text that only an answer to strangers has; empty: the status says.
    """

    url: Annotated[str, Meta(min_length=1, max_length=2000)]
    body: dict[str, object] = msgspec.field(default_factory=_LOGIN_BODY.copy)
    token: Name = "token"  # noqa: S105 - a key, not a token
    header: Name = "Authorization"
    prefix: Name = "Bearer "
    parameter: Name = ""
    lifetime_s: Annotated[int, Meta(ge=1)] | None = None
    logged_out: Name = ""

    def __post_init__(self) -> None:
        """Refuse what could not be sent."""
        if self.header and not _HEADER.match(self.header):
            message = f"header {self.header!r} is no name of a header"
            raise ValueError(message)
        if self.token and not (self.header or self.parameter):
            message = "the token needs a header or a parameter to travel in"
            raise ValueError(message)


AuthOptions: TypeAlias = NoOptions | BearerOptions | FormOptions | JsonLoginOptions

_OPTIONS: Final[Mapping[str, type[AuthOptions]]] = {
    "bearer": BearerOptions,
    "form": FormOptions,
    "login-json": JsonLoginOptions,
}


def decode_options(
    kind: str, options: Mapping[str, object] | str | None
) -> AuthOptions:
    """Read the options of a credential: an object, or the JSON text of one.

    Raises:
        InvalidInputError: no such kind, or the options do not fit it.
    """
    if kind not in get_args(AuthKind):
        raise InvalidInputError(
            field="auth.type",
            value=kind,
            remedy=f"use one of {', '.join(get_args(AuthKind))}",
        )
    given = msgspec.json.decode(options) if isinstance(options, str) else options
    try:
        return msgspec.convert(given or {}, _OPTIONS.get(kind, NoOptions))
    except msgspec.ValidationError as error:
        raise InvalidInputError(
            field=f"auth.options of {kind}", value="***", remedy=str(error)
        ) from error
