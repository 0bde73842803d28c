"""Endpoints on the wire: what is accepted and what is shown. Secrets only go in."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from nxforge_core.api import Body, Model

__all__ = [
    "AuthBody",
    "AuthView",
    "EndpointBody",
    "EndpointChange",
    "EndpointView",
    "Kind",
    "Method",
    "PollView",
    "ResetPolicy",
]

Kind = Literal["meter", "pdu", "feed"]
Method = Literal["GET", "POST"]
AuthType = Literal["none", "basic", "bearer", "header"]
ResetPolicy = Literal["from_zero", "rebase", "ask"]

Name = Annotated[str, Meta(min_length=1, max_length=100)]
Words = Annotated[str, Meta(max_length=200)]
Url = Annotated[str, Meta(min_length=1, max_length=2000)]
Interval = Annotated[int, Meta(ge=5, le=86_400)]
Timeout = Annotated[float, Meta(gt=0, le=60)]
#: Read by `decode_rules`, which says more than a schema could.
Rules = dict[str, object] | list[object]


class AuthBody(Body):
    """How to log in.

    Attributes:
        username: Of `basic` the user, of `header` the header's name.
        secret: Of `basic` the password, of `bearer` the token, of `header` the value.
    """

    type: AuthType
    username: Words = ""
    secret: Annotated[str, Meta(max_length=4096)] = ""


class EndpointBody(Body):
    """A new endpoint.

    Attributes:
        interval_s: Seconds between two polls; by default that of the settings.
        tz: IANA zone of its days and months; by default that of the settings.
        max_kw: More than this the device cannot draw: the first sanity rule.
        multiplier: Factor of the current transformer: register times this is energy.
        rules: The extraction rule set.
    """

    name: Name
    url: Url
    rules: Rules
    kind: Kind = "meter"
    type: Words = "power-meter"
    vendor: Words | None = None
    location: Words | None = None
    client_name: Words | None = None
    external_ref: Words | None = None
    enabled: bool = True
    method: Method = "GET"
    headers: dict[str, str] = {}
    body: str | None = None
    interval_s: Interval | None = None
    timeout_s: Timeout | None = None
    tz: str | None = None
    max_kw: Decimal = Decimal(50)
    multiplier: Decimal = Decimal(1)
    modulus_kwh: Decimal | None = None
    resolution_kwh: Decimal | None = None
    reset_policy: ResetPolicy = "from_zero"
    auth: AuthBody | None = None


class EndpointChange(Body):
    """Changes of an endpoint: a member that is absent stays as it is."""

    name: Name | UnsetType = UNSET
    url: Url | UnsetType = UNSET
    rules: Rules | UnsetType = UNSET
    kind: Kind | UnsetType = UNSET
    type: Words | UnsetType = UNSET
    vendor: Words | UnsetType | None = UNSET
    location: Words | UnsetType | None = UNSET
    client_name: Words | UnsetType | None = UNSET
    external_ref: Words | UnsetType | None = UNSET
    enabled: bool | UnsetType = UNSET
    method: Method | UnsetType = UNSET
    headers: dict[str, str] | UnsetType = UNSET
    body: str | UnsetType | None = UNSET
    interval_s: Interval | UnsetType = UNSET
    timeout_s: Timeout | UnsetType = UNSET
    tz: str | UnsetType = UNSET
    max_kw: Decimal | UnsetType = UNSET
    multiplier: Decimal | UnsetType = UNSET
    modulus_kwh: Decimal | UnsetType | None = UNSET
    resolution_kwh: Decimal | UnsetType | None = UNSET
    reset_policy: ResetPolicy | UnsetType = UNSET
    auth: AuthBody | UnsetType | None = UNSET


class AuthView(Model):
    """How an endpoint logs in: never with what."""

    type: AuthType
    username: str
    has_secret: bool


class EndpointView(Model):
    """An endpoint as it is shown."""

    id: str
    name: str
    url: str
    kind: Kind
    type: str
    vendor: str | None
    location: str | None
    client_name: str | None
    external_ref: str | None
    enabled: bool
    method: Method
    headers: dict[str, str]
    body: str | None
    interval_s: int
    timeout_s: float
    tz: str
    max_kw: Decimal
    multiplier: Decimal
    modulus_kwh: Decimal | None
    resolution_kwh: Decimal | None
    reset_policy: ResetPolicy
    rule_version: int
    rules: msgspec.Raw
    auth: AuthView
    has_secret: bool
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None
    last_read_at: datetime | None
    last_outcome: str | None
    last_error: str | None


class PollView(Model):
    """A poll that was queued."""

    run_id: int
    endpoint_id: str
