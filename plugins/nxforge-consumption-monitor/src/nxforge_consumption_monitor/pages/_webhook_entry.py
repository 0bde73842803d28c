"""What is entered of a webhook."""

from __future__ import annotations

from typing import Annotated, Final, get_args

import msgspec
from msgspec import UNSET, Meta

from nxforge_consumption_monitor.models import (
    Severity,
    WebhookBody,
    WebhookChange,
    WebhookEvent,
    WebhookView,
)
from nxforge_core.api import InvalidInputError, load_texts, ui

from ._choices import group_choices
from ._words import named_options

__all__ = ["WEBHOOK_FIELDS", "WebhookEntry", "change_of_webhook", "entry_of_webhook"]

say = load_texts(__package__)

_EVENTS: Final[dict[str, WebhookEvent]] = {
    "new": "alert.created",
    "again": "alert.repeated",
    "over": "alert.resolved",
    "unsure": "alert.error",
    "paused": "webhook.paused",
}


class WebhookEntry(msgspec.Struct, frozen=True, kw_only=True):
    """Who is told of alerts.

    Attributes:
        url: Where each alert is sent by POST, as JSON.
        secret: Signs what is sent, 16 characters at the least. For a new one that is
            left empty, a secret is made and shown once.
        min_severity: Alerts below it are not sent.
        group: Only alerts of its meters.
        new: A new alert.
        again: One that goes on.
        over: Its end.
        unsure: Its value cannot be compared.
        paused: Another webhook is paused, because nothing arrived for a day.
        enabled: It is told. Switched on again, a pause ends.
    """

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    url: Annotated[str, Meta(min_length=1, max_length=2000)]
    secret: Annotated[str, Meta(min_length=16, max_length=256)] | None = None
    min_severity: Severity = "info"
    group: str = ""
    new: bool = True
    again: bool = True
    over: bool = True
    unsure: bool = True
    paused: bool = True
    enabled: bool = True

    def body(self, secret: str) -> WebhookBody:
        """A new webhook that signs with this secret."""
        return WebhookBody(
            name=self.name,
            url=self.url,
            secret=secret,
            events=self.events,
            min_severity=self.min_severity,
            group_id=self.group or None,
            enabled=self.enabled,
        )

    @property
    def events(self) -> list[WebhookEvent]:
        """What is told; none stands for everything, later kinds included.

        Raises:
            InvalidInputError: nothing is.
        """
        chosen = [event for name, event in _EVENTS.items() if getattr(self, name)]
        if not chosen:
            remedy = "choose at least one; to tell nothing, switch it off"
            raise InvalidInputError(field="new", value=False, remedy=remedy)
        return [] if len(chosen) == len(_EVENTS) else chosen


WEBHOOK_FIELDS: Final = {
    "url": ui.Field(
        say("Address"), placeholder="https://chat.example.org/hooks/meters"
    ),
    "min_severity": ui.Field(
        say("From which severity on"), options=named_options(get_args(Severity))
    ),
    "group": ui.Field(say("Only of the group"), choices=group_choices, folded=True),
    "new": ui.Field(say("A new alert"), folded=True),
    "again": ui.Field(say("Repeated"), folded=True),
    "over": ui.Field(say("Over"), folded=True),
    "unsure": ui.Field(say("Not known"), folded=True),
    "paused": ui.Field(say("A webhook is paused"), folded=True),
}


def entry_of_webhook(found: WebhookView) -> dict[str, object]:
    """A stored one as it is entered; its secret is not known."""
    told = {
        name: not found.events or event in found.events
        for name, event in _EVENTS.items()
    }
    return {
        "name": found.name,
        "url": found.url,
        "min_severity": found.min_severity,
        "group": found.group_id or "",
        "enabled": found.enabled and found.paused_at is None,
        **told,
    }


def change_of_webhook(entry: WebhookEntry) -> WebhookChange:
    """The changes of a stored one; without a secret it keeps its own."""
    return WebhookChange(
        name=entry.name,
        url=entry.url,
        secret=entry.secret or UNSET,
        events=entry.events,
        min_severity=entry.min_severity,
        group_id=entry.group or None,
        enabled=entry.enabled,
    )
