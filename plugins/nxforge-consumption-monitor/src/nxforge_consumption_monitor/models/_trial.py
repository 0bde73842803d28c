"""The dry run of an endpoint on the wire."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import Meta

from nxforge_core.api import Model

from ._endpoint import EndpointChange, Method

__all__ = [
    "TrialBody",
    "TrialCandidate",
    "TrialCertificate",
    "TrialFault",
    "TrialFormat",
    "TrialModulus",
    "TrialPlausibility",
    "TrialRequest",
    "TrialResponse",
    "TrialRule",
    "TrialStep",
    "TrialView",
    "TrialWarning",
]

Seen = Annotated[str, Meta(max_length=200)]


class TrialBody(EndpointChange):
    """What to try: a new endpoint's members, or changes of a stored one.

    Attributes:
        endpoint_id: Of a stored endpoint, whose other members and login are used.
        find: A number that a person sees on the device: rules for it are proposed.
        observed: Texts that the register showed before, to compare their formats.
    """

    endpoint_id: str | None = None
    find: Annotated[str, Meta(max_length=60)] | None = None
    observed: Annotated[list[Seen], Meta(max_length=50)] = []


class TrialRequest(Model):
    """What was asked; secrets are masked."""

    method: Method
    url: str
    headers: dict[str, str]
    body: str | None
    auth: str
    username: str


class TrialResponse(Model):
    """What the device answered; secrets are masked."""

    status: int
    url: str
    headers: dict[str, str]
    content_type: str
    charset: str | None
    bytes: int
    elapsed_ms: int


class TrialCertificate(Model):
    """Who the device says it is; `sha256` is what `tlsPin` takes."""

    sha256: str
    subject: str
    not_after: datetime


class TrialWarning(Model):
    """What is worth a look."""

    code: str
    message: str


class TrialFault(Model):
    """Why there is no value."""

    outcome: str
    message: str
    remedy: str


class TrialStep(Model):
    """One step with what it got and gave; steps inside of it come before it.

    Attributes:
        step: As JSON, cut short.
        output: Empty for the step that failed.
        place: Where on the page the value was found.
        level: How many steps contain it.
    """

    step: str
    input: str
    output: str
    place: str
    level: int


class TrialModulus(Model):
    """What leading zeros say about the register.

    Attributes:
        digits: Before the decimal sign, as the device prints them.
        modulus_kwh: The register's first impossible value.
    """

    digits: int
    modulus_kwh: Decimal


class TrialFormat(Model):
    """What the texts seen so far say about the decimal sign.

    Attributes:
        verdict: `agreed`; `pin`: one of them can be read in two ways; `conflict`: no
            single format reads them all.
        format: What to pin; null where nothing says it.
        texts: Those that were compared.
    """

    verdict: str
    format: str | None
    texts: list[str]


class TrialPlausibility(Model):
    """The number beside the last good reading of the endpoint.

    Attributes:
        label: What a round would say: `ok`, `jitter`, `rollover`, `suspect_low`...
        energy_kwh: What it would count.
        mean_kw: Over the time since then.
    """

    last_register_kwh: Decimal
    last_at: datetime
    label: str
    plausible: bool
    energy_kwh: Decimal
    mean_kw: Decimal | None


class TrialRule(Model):
    """What one rule gives.

    Attributes:
        value: In `unit`; null without one.
        resolution: Worth of the last digit, in `unit`; null where it is not known.
        line: Where the match begins, from 1; null where it is not printed as such.
        excerpt: The page around the match, secrets masked.
    """

    quantity: str
    channel: str
    required: bool
    value: Decimal | None
    unit: str
    raw_text: str
    raw_unit: str
    resolution: Decimal | None
    line: int | None
    column: int | None
    excerpt: str
    steps: list[TrialStep]
    warnings: list[TrialWarning]
    modulus: TrialModulus | None
    format: TrialFormat | None
    plausibility: TrialPlausibility | None
    error: TrialFault | None


class TrialCandidate(Model):
    """A rule that yields the number looked for.

    Attributes:
        how: By what the place is known: `key`, `label`, `column`, `id`... The first
            candidate is the most robust one.
        match: `exact`, `rounded` where the page has more digits, or `near` where the
            register may have counted on since.
    """

    rule: msgspec.Raw
    how: str
    match: str
    quantity: str
    value: Decimal
    unit: str
    raw_text: str
    raw_unit: str
    resolution: Decimal | None
    warnings: list[TrialWarning]


class TrialView(Model):
    """A dry run. Nothing of it was stored.

    Attributes:
        outcome: `ok`, or in one word why a round would store nothing.
        response: Null where the device gave no whole answer.
        excerpt: Beginning of the answer, secrets masked.
        templates: Ids of device templates whose rules fit the page.
        numbers: Where neither rules nor a number to find were given: numbers of the
            page with a unit of energy, as it writes them.
    """

    outcome: str
    error: TrialFault | None
    request: TrialRequest
    response: TrialResponse | None
    certificate: TrialCertificate | None
    excerpt: str
    rules: list[TrialRule]
    candidates: list[TrialCandidate]
    templates: list[str]
    numbers: list[str]
    warnings: list[TrialWarning]
