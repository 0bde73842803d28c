"""What an endpoint must satisfy before anything of it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from nxforge_consumption_monitor.extract import Rule, decode_rules
from nxforge_consumption_monitor.fetch import decode_options
from nxforge_consumption_monitor.models import AuthBody
from nxforge_core.api import InvalidInputError

__all__ = [
    "check_auth",
    "check_destination",
    "check_headers",
    "check_id",
    "check_pin",
    "check_positive",
    "check_request",
    "check_rules",
    "check_url",
    "check_zone",
]

#: Headers that carry a credential, or that belong to the HTTP client.
_RESERVED: Final = frozenset(
    {
        "authorization",
        "connection",
        "content-length",
        "cookie",
        "host",
        "proxy-authorization",
        "transfer-encoding",
    }
)

_SMALLEST: Final = Decimal(1).scaleb(-12)

#: A header with one of these in its name carries a credential.
_SECRET_WORDS: Final = ("api-key", "apikey", "api_key", "password", "secret", "token")


def check_url(url: str) -> None:
    """Refuse what is not an absolute http(s) address without credentials."""
    try:
        parts = urlsplit(url)
        fits = parts.scheme in {"http", "https"} and bool(parts.hostname)
        fits = fits and parts.port != 0
        # urlsplit drops line ends and keeps what no request line can carry.
        fits = fits and url.isprintable() and " " not in url
    except ValueError:
        fits, parts = False, urlsplit("")
    if not fits:
        remedy = "give an absolute address that begins with http:// or https://"
        raise InvalidInputError(field="url", value=url, remedy=remedy)
    if parts.username is not None or parts.password is not None:
        remedy = "take user name and password out of it and give them as 'auth'"
        shown = parts._replace(netloc=f"***@{parts.hostname}").geturl()
        raise InvalidInputError(field="url", value=shown, remedy=remedy)


def check_destination(before: str, after: str) -> None:
    """Refuse to send a stored secret to another place than it was given for.

    Who may change an address may not read the secret: no change shows it to them.
    """
    if _origin(before) != _origin(after):
        remedy = "give 'auth' with it: a stored secret is not sent to another host"
        raise InvalidInputError(field="url", value=after, remedy=remedy)


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


def check_zone(name: str, field: str = "tz") -> ZoneInfo:
    """Read an IANA zone's name.

    Raises:
        InvalidInputError: no zone has the name.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        remedy = "give an IANA name such as 'Europe/Bucharest' or 'UTC'"
        raise InvalidInputError(field=field, value=name, remedy=remedy) from error


def check_headers(headers: Mapping[str, str]) -> None:
    """Refuse headers that carry a credential, break the request or belong to HTTP."""
    for name, value in headers.items():
        if name.lower() in _RESERVED or any(w in name.lower() for w in _SECRET_WORDS):
            remedy = "leave it out; credentials are given as 'auth', which is encrypted"
            raise InvalidInputError(field="header", value=name, remedy=remedy)
        _check_header("header", name, value)


def _check_header(field: str, name: str, value: str) -> None:
    fits = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    if not fits or not value.isprintable() or not value.isascii():
        remedy = "use letters, digits and hyphens, and one line of ASCII as value"
        raise InvalidInputError(field=field, value=name, remedy=remedy)


def check_positive(field: str, value: Decimal | None) -> None:
    """Refuse a number that is not above zero, or that no meter can have."""
    if value is None:
        return
    if not (value.is_finite() and _SMALLEST <= value <= 1 / _SMALLEST):
        remedy = f"give a number from {_SMALLEST} to {1 / _SMALLEST:E}"
        raise InvalidInputError(field=field, value=str(value), remedy=remedy)


def check_id(field: str, value: str | None) -> None:
    """Refuse what is no id."""
    if value is None:
        return
    try:
        UUID(value)
    except ValueError as error:
        remedy = "give the id as the list of them shows it, or null"
        raise InvalidInputError(field=field, value=value, remedy=remedy) from error


def check_request(
    *,
    url: str,
    headers: Mapping[str, str],
    tz: str,
    tls: tuple[str, str | None],
    numbers: Mapping[str, Decimal | None],
) -> None:
    """Refuse what no endpoint may have, whether it is to be stored or only tried."""
    check_url(url)
    check_zone(tz)
    check_headers(headers)
    for field, value in numbers.items():
        check_positive(field, value)
    check_pin(*tls)


def check_pin(tls_mode: str, tls_pin: str | None) -> None:
    """Refuse to pin nothing."""
    if tls_mode == "pinned" and tls_pin is None:
        remedy = "give the SHA-256 of the device's certificate, 64 hexadecimal digits"
        raise InvalidInputError(field="tls_pin", value="", remedy=remedy)


def check_rules(rules: object) -> str:
    """Answer the rule set as JSON once it is known to be one.

    Raises:
        NxForgeError: it is not a rule set; the message names the place.
    """
    encoded = msgspec.json.encode(rules)
    values = decode_rules(encoded).rules
    if not any(_is_main(rule) for rule in values):
        remedy = "add a rule for the quantity energy or power of the channel 'total'"
        quantities = ", ".join(f"{rule.quantity} of {rule.channel}" for rule in values)
        raise InvalidInputError(field="rules", value=quantities, remedy=remedy)
    return encoded.decode()


def _is_main(rule: Rule) -> bool:
    return rule.channel == "total" and rule.quantity in {"energy", "power"}


def check_auth(auth: AuthBody) -> None:
    """Refuse a login without its secret, or a user name that cannot be sent."""
    decode_options(auth.type, auth.options)
    if auth.type == "none":
        return
    if not auth.secret:
        remedy = "give the password or token as 'secret'"
        raise InvalidInputError(field="auth.secret", value="", remedy=remedy)
    if auth.type == "basic" and ":" in auth.username:
        remedy = "HTTP basic authentication cannot carry a ':' in the user name"
        raise InvalidInputError(
            field="auth.username", value=auth.username, remedy=remedy
        )
    if auth.type in {"header", "cookie"} and (auth.username or auth.type == "header"):
        _check_header("auth.username", auth.username, auth.secret)
    if auth.type in {"bearer", "cookie"}:
        _check_header("auth.secret", "Authorization", auth.secret)
