"""What is known of a device."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import Meta

from nxforge_consumption_monitor.extract import RuleSet
from nxforge_consumption_monitor.fetch import AuthKind
from nxforge_consumption_monitor.models import Client, Kind, Method, ResetPolicy

__all__ = ["Expect", "Register", "Request", "Template"]

Words = Annotated[str, Meta(min_length=1, max_length=500)]
Phases = Annotated[int, Meta(ge=1, le=3)]


class _Part(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    rename="camel",
):
    """On the wire as a `Body` is."""


class Request(_Part, frozen=True):
    """How the device is asked; `path` goes behind its address."""

    path: Annotated[str, Meta(pattern="^/")]
    method: Method = "GET"
    headers: Mapping[str, str] = {}
    body: str | None = None


class Register(_Part, frozen=True):
    """What is known of the register; it is left out where the device differs."""

    modulus_kwh: Decimal | None = None
    resolution_kwh: Decimal | None = None
    reset_policy: ResetPolicy | None = None


class Expect(_Part, frozen=True):
    """What the answer must look like, as of an endpoint."""

    content_type: str = ""
    marker: str = ""


class Template(_Part, frozen=True):
    """A device, ready to become an endpoint.

    Attributes:
        source: The document that describes the format, or the capture.
        auth: Kinds of login that the device has; the first one is the usual one.
        interval_s: Seconds between two polls that the device likes.
        notes: What a person has to know or to change.
        capture: Name of a device's recorded answer that the rules are tested with.
        page: Name of a page made after the source, where there is no capture.
    """

    id: Annotated[str, Meta(pattern="^[a-z0-9]+(-[a-z0-9]+)*$")]
    vendor: Words
    model: Words
    title: Words
    source: Words
    request: Request
    rules: RuleSet
    kind: Kind = "meter"
    client: Client = "http"
    auth: Annotated[tuple[AuthKind, ...], Meta(min_length=1)] = ("none",)
    auth_note: str = ""
    expect: Expect = Expect()
    register: Register = Register()
    max_kw: Decimal | None = None
    phases: Phases | None = None
    interval_s: Annotated[int, Meta(ge=5, le=86_400)] | None = None
    notes: tuple[Words, ...] = ()
    capture: str = ""
    page: str = ""
