"""Webhooks: who is told of alerts, and what became of it. Secrets only go in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from nxforge_core.api import Body, Model, Success

from ._alert import AlertsMeta, Severity
from ._version import version_tag

__all__ = [
    "DeliveriesAnswer",
    "DeliveryState",
    "DeliveryView",
    "WebhookBody",
    "WebhookChange",
    "WebhookEvent",
    "WebhookView",
]

WebhookEvent = Literal[
    "alert.created",
    "alert.repeated",
    "alert.resolved",
    "alert.error",
    "webhook.paused",
    "webhook.test",
]
DeliveryState = Literal["pending", "delivered", "failed", "dropped"]
_Name = Annotated[str, Meta(min_length=1, max_length=100)]
_Url = Annotated[str, Meta(min_length=1, max_length=2000)]
#: Shorter ones could be guessed by whoever sees one delivery.
_Secret = Annotated[str, Meta(min_length=16, max_length=256)]


class WebhookBody(Body):
    """A new webhook.

    Attributes:
        secret: Signs every delivery; it is never shown again.
        events: Types of events; none: all of them.
        min_severity: Alerts below it are not sent.
        group_id: Only alerts of endpoints of this group.
    """

    name: _Name
    url: _Url
    secret: _Secret
    events: list[WebhookEvent] = []
    min_severity: Severity = "info"
    group_id: str | None = None
    enabled: bool = True


class WebhookChange(Body):
    """Changes of a webhook: a member that is absent stays as it is.

    `enabled` true ends a pause as well.
    """

    name: _Name | UnsetType = UNSET
    url: _Url | UnsetType = UNSET
    secret: _Secret | UnsetType = UNSET
    events: list[WebhookEvent] | UnsetType = UNSET
    min_severity: Severity | UnsetType = UNSET
    group_id: str | UnsetType | None = UNSET
    enabled: bool | UnsetType = UNSET


class WebhookView(Model):
    """A webhook as it is shown.

    Attributes:
        failures: Attempts that failed since the last one that did not.
        paused_at: Since when nothing is sent, because nothing arrived for a day.
    """

    id: str
    name: str
    url: str
    events: list[WebhookEvent]
    min_severity: Severity
    group_id: str | None
    enabled: bool
    failures: int
    paused_at: datetime | None
    paused_why: str
    created_at: datetime
    updated_at: datetime

    @property
    def etag(self) -> str:
        """Of this version."""
        return version_tag(self.updated_at)


class DeliveryView(Model):
    """One event on its way to one webhook.

    Attributes:
        outcome: `ok`, or in one word why the latest attempt failed.
        error: The same in a sentence.
        next_at: When it is tried next; null once that is decided.
        body: What is sent.
    """

    id: int
    event_id: str
    event: WebhookEvent
    state: DeliveryState
    attempts: int
    outcome: str | None
    http_status: int | None
    error: str
    created_at: datetime
    attempted_at: datetime | None
    next_at: datetime | None
    body: msgspec.Raw


class DeliveriesAnswer(Success[list[DeliveryView]]):
    """A page of deliveries, the newest first."""

    meta: AlertsMeta
