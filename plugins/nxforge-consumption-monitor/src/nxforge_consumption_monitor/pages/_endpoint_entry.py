"""What is entered of an endpoint, and what is stored or tried because of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Final, get_args
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from nxforge_consumption_monitor.models import (
    AuthType,
    Client,
    EndpointBody,
    EndpointChange,
    EndpointView,
    TrialBody,
)
from nxforge_consumption_monitor.templates import find_template, load_templates, view_of
from nxforge_core.api import InvalidInputError, load_texts, ui

from ._choices import group_choices, tariff_choices

__all__ = [
    "ENTRY_FIELDS",
    "EndpointEntry",
    "body_of",
    "change_of",
    "copy_of",
    "entry_of",
    "trial_of",
]

say = load_texts(__package__)

_Name = Annotated[str, Meta(min_length=1, max_length=100)]
_Words = Annotated[str, Meta(max_length=200)]


class EndpointEntry(msgspec.Struct, frozen=True, kw_only=True):
    """The form of an endpoint.

    Attributes:
        name: As people know it.
        url: Of the page that shows the register.
        template: Known devices bring their rules along.
        find: What the display shows now, such as 12345.6: rules for it are looked for.
        rules: How the register is found, JSON; a template or the number above fills
            it in.
        interval_s: Seconds between two polls; empty: as the settings say.
        username: Of the login; of a header or cookie its name.
        password: The password, the token or the value.
        max_kw: More than this the device cannot draw.
        multiplier: Of the current transformer: register times this is energy.
        group: The rack or the client it is reported with.
        tariff: What its energy costs; without one of its own that of its group counts.
    """

    name: _Name
    url: Annotated[str, Meta(min_length=1, max_length=2000)]
    template: str = ""
    find: Annotated[str, Meta(max_length=60)] = ""
    login: AuthType = "none"
    username: _Words = ""
    password: Annotated[str, Meta(max_length=4096)] | None = None
    interval_s: Annotated[int, Meta(ge=5, le=86_400)] | None = None
    client: Client = "http"
    max_kw: Decimal = Decimal(50)
    multiplier: Decimal = Decimal(1)
    group: str = ""
    tariff: str = ""
    location: _Words = ""
    client_name: _Words = ""
    rules: Annotated[str, Meta(max_length=50_000)] = ""


ENTRY_FIELDS: Final = {
    "url": ui.Field(say("Address"), placeholder="http://192.0.2.10/status"),
    "template": ui.Field(
        say("Device"),
        options=[
            ("", say("another device")),
            *((each.id, each.title) for each in load_templates()),
        ],
    ),
    "find": ui.Field(say("Number on the display"), placeholder="12345.6"),
    "login": ui.Field(
        options=[
            (each, say("none") if each == "none" else each)
            for each in get_args(AuthType)
        ]
    ),
    "rules": ui.Field(say("Rules"), lines=6, folded=True),
    "password": ui.Field(say("Password or token"), secret=True),
    "interval_s": ui.Field(say("Polled every"), unit="s", folded=True),
    "client": ui.Field(
        say("Fetched by"),
        options=(
            ("http", say("plain HTTP")),
            ("browser", say("a browser, for pages of scripts")),
        ),
        folded=True,
    ),
    "max_kw": ui.Field(say("Never more than"), unit="kW", folded=True),
    "multiplier": ui.Field(say("Register times"), folded=True),
    "group": ui.Field(choices=group_choices),
    "tariff": ui.Field(choices=tariff_choices),
    "location": ui.Field(folded=True),
    "client_name": ui.Field(say("Client"), folded=True),
}


def entry_of(endpoint: EndpointView) -> EndpointEntry:
    """A stored endpoint as it is entered; its secret is not known."""
    return EndpointEntry(
        name=endpoint.name,
        url=endpoint.url,
        rules=msgspec.json.format(bytes(endpoint.rules), indent=1).decode(),
        login=endpoint.auth.type,
        username=endpoint.auth.username,
        interval_s=endpoint.interval_s,
        client=endpoint.client,
        max_kw=endpoint.max_kw,
        multiplier=endpoint.multiplier,
        group=endpoint.group_id or "",
        tariff=endpoint.tariff_id or "",
        location=endpoint.location or "",
        client_name=endpoint.client_name or "",
    )


def copy_of(endpoint: EndpointView) -> EndpointEntry:
    """Another endpoint like it: what people give anew is its name and its address."""
    return replace(entry_of(endpoint), name=f"{endpoint.name} (copy)")


def body_of(entry: EndpointEntry) -> EndpointBody:
    """A new endpoint.

    Raises:
        InvalidInputError: the rules are no JSON, or there are none.
        UnknownTemplateError: there is no such template.
    """
    members = _members(entry, None)
    if "rules" not in members:
        raise InvalidInputError(
            field="rules",
            value="",
            remedy="choose a device, or test with the number on the display and use a"
            " rule that reads it",
        )
    return msgspec.convert(members, EndpointBody)


def change_of(entry: EndpointEntry, before: EndpointView) -> EndpointChange:
    """The changes of a stored one; a login that is the same keeps its secret.

    Raises:
        InvalidInputError: the rules are no JSON.
        UnknownTemplateError: there is no such template.
    """
    return msgspec.convert(_members(entry, before), EndpointChange)


def trial_of(entry: EndpointEntry, before: EndpointView | None) -> TrialBody:
    """The same, to be tried.

    Raises:
        InvalidInputError: the rules are no JSON.
        UnknownTemplateError: there is no such template.
    """
    members = _members(entry, before)
    if before is not None:
        members["endpointId"] = before.id
    if entry.find:
        members["find"] = entry.find
    return msgspec.convert(members, TrialBody)


def _members(entry: EndpointEntry, before: EndpointView | None) -> dict[str, Any]:
    members = _of_template(entry)
    members |= {
        "name": entry.name,
        "url": _address(entry),
        "client": entry.client,
        "maxKw": str(entry.max_kw),
        "multiplier": str(entry.multiplier),
        "groupId": entry.group or None,
        "tariffId": entry.tariff or None,
        "location": entry.location or None,
        "clientName": entry.client_name or None,
    }
    if entry.rules.strip():
        members["rules"] = _rules(entry.rules)
    if entry.interval_s is not None:
        members["intervalS"] = entry.interval_s
    if not _keeps_login(entry, before):
        members["auth"] = _auth(entry)
    return members


def _of_template(entry: EndpointEntry) -> dict[str, Any]:
    if not entry.template:
        return {}
    found: dict[str, Any] = msgspec.json.decode(
        view_of(find_template(entry.template)).endpoint
    )
    return found


def _address(entry: EndpointEntry) -> str:
    """Of a known device the path is known as well."""
    if not entry.template or urlsplit(entry.url).path.strip("/"):
        return entry.url
    return entry.url.rstrip("/") + find_template(entry.template).request.path


def _rules(text: str) -> object:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise InvalidInputError(
            field="rules", value=text[:60], remedy=f"give JSON: {error}"
        ) from error


def _keeps_login(entry: EndpointEntry, before: EndpointView | None) -> bool:
    if before is None or entry.password:
        return False
    return (entry.login, entry.username) == (before.auth.type, before.auth.username)


def _auth(entry: EndpointEntry) -> dict[str, object] | None:
    if entry.login == "none":
        return None
    return {
        "type": entry.login,
        "username": entry.username,
        "secret": entry.password or "",
    }
