"""Endpoints on the wire: what is accepted and what is shown. Secrets only go in."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Final, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from nxforge_core.api import Body, Model

from ._version import version_tag

__all__ = [
    "BROWSER_S",
    "AuthBody",
    "AuthType",
    "AuthView",
    "Client",
    "EndpointBody",
    "EndpointChange",
    "EndpointView",
    "Kind",
    "Method",
    "PollView",
    "RemovedEndpointView",
    "ResetPolicy",
    "Rules",
    "TlsMode",
]

#: Seconds for a page in the browser, which takes longer than a request.
BROWSER_S: Final = 30.0

Kind = Literal["meter", "pdu", "feed"]
Method = Literal["GET", "POST"]
AuthType = Literal[
    "none", "basic", "digest", "bearer", "header", "cookie", "form", "login-json"
]
ResetPolicy = Literal["from_zero", "rebase", "ask"]
TlsMode = Literal["verify", "pinned", "insecure"]
Client = Literal["http", "browser"]

Name = Annotated[str, Meta(min_length=1, max_length=100)]
Words = Annotated[str, Meta(max_length=200)]
Url = Annotated[str, Meta(min_length=1, max_length=2000)]
Interval = Annotated[int, Meta(ge=5, le=86_400)]
Timeout = Annotated[float, Meta(gt=0, le=60)]
Gap = Annotated[int, Meta(ge=1, le=31_622_400)]
Phases = Annotated[int, Meta(ge=1, le=3)]
Digits = Annotated[int, Meta(ge=1, le=12)]
#: SHA-256 of a certificate.
Pin = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
Steps = Annotated[list[dict[str, object]], Meta(max_length=50)]
#: Read by `decode_rules`, which says more than a schema could.
Rules = dict[str, object] | list[object]


class AuthBody(Body):
    """How to log in.

    Attributes:
        username: Of `basic`, `digest`, `form` and `login-json` the user, of `header`
            and `cookie` its name.
        secret: The password, the token, or the value.
        options: Of `bearer`, `form` and `login-json`: addresses, names of fields.
    """

    type: AuthType
    username: Words = ""
    secret: Annotated[str, Meta(max_length=4096)] = ""
    options: dict[str, object] = {}


class Expect(Body):
    """What the answer must look like; else it is `unexpected_content`.

    Attributes:
        content_type: `json`, `xml` or `html`, or the beginning of a content type.
        marker: Text that the right page has.
    """

    content_type: Words = ""
    marker: Words = ""


class EndpointBody(Body):
    """A new endpoint.

    Attributes:
        interval_s: Seconds between two polls; by default that of the settings.
        tz: IANA zone of its days and months; by default that of the settings.
        max_kw: More than this the device cannot draw: the first sanity rule.
        multiplier: Factor of the current transformer: register times this is energy.
        register_digits: Digits before the point: with 5 of them the register goes
            back to 0 at 100000 kWh. `modulus_kwh` says the same otherwise.
        gap_after_s: Good readings further apart have a gap between them; null: 2.5
            intervals.
        breaker_a: Rating of the breaker, A.
        certified: The meter may be used to charge a customer.
        tls_pin: SHA-256 of the device's certificate, of `pinned`.
        browser_steps: Of the client `browser`: what is done before the page is read,
            for example `{"action": "click", "selector": "#show"}`.
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
    register_digits: Digits | None = None
    gap_after_s: Gap | None = None
    group_id: str | None = None
    breaker_a: Decimal | None = None
    phases: Phases | None = None
    certified: bool = False
    tls_mode: TlsMode = "verify"
    tls_pin: Pin | None = None
    client: Client = "http"
    browser_steps: Steps = []
    expect: Expect = msgspec.field(default_factory=Expect)
    tariff_id: str | None = None
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
    register_digits: Digits | UnsetType | None = UNSET
    gap_after_s: Gap | UnsetType | None = UNSET
    group_id: str | UnsetType | None = UNSET
    breaker_a: Decimal | UnsetType | None = UNSET
    phases: Phases | UnsetType | None = UNSET
    certified: bool | UnsetType = UNSET
    tls_mode: TlsMode | UnsetType = UNSET
    tls_pin: Pin | UnsetType | None = UNSET
    client: Client | UnsetType = UNSET
    browser_steps: Steps | UnsetType = UNSET
    expect: Expect | UnsetType = UNSET
    tariff_id: str | UnsetType | None = UNSET
    auth: AuthBody | UnsetType | None = UNSET


class AuthView(Model):
    """How an endpoint logs in: never with what.

    Attributes:
        locked: Refused twice in a row: it is not sent again before a change.
        token_expires_at: When the token ends, where that is known.
        last_error_at: When the device refused it last.
    """

    type: AuthType
    username: str
    has_secret: bool
    options: msgspec.Raw
    locked: bool
    token_expires_at: datetime | None
    last_error_at: datetime | None


class EndpointView(Model):
    """An endpoint as it is shown.

    Its entity tag is that of its fields: a poll leaves it as it is.
    """

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
    register_digits: int | None
    gap_after_s: int | None
    group_id: str | None
    breaker_a: Decimal | None
    phases: int | None
    certified: bool
    tls_mode: TlsMode
    tls_pin: str | None
    client: Client
    browser_steps: list[dict[str, object]]
    expect: dict[str, str]
    tariff_id: str | None
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

    @property
    def etag(self) -> str:
        """Of this version of the fields."""
        return version_tag(self.updated_at)


class RemovedEndpointView(EndpointView):
    """An endpoint that was put away, or deleted because it had no readings."""

    deleted: bool


class PollView(Model):
    """A poll that was queued."""

    run_id: int
    endpoint_id: str
