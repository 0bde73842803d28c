"""What webhooks carry, and who of them carries it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import msgspec

from nxforge_consumption_monitor.models import Severity, WebhookEvent
from nxforge_consumption_monitor.store.alerting import StoredWebhook

__all__ = ["Notice", "encode", "wants"]

_RANK: Final[Mapping[Severity, int]] = {"info": 0, "warning": 1, "critical": 2}
_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """Something to tell.

    Attributes:
        id: The same for the same thing, whoever tells it.
        group_id: Of the endpoint; None: of no group.
        data: JSON object.
    """

    id: str
    event: WebhookEvent
    at: datetime
    severity: Severity
    group_id: str | None
    data: dict[str, object]


def wants(webhook: StoredWebhook, notice: Notice) -> bool:
    """Whether a webhook is told something."""
    if not webhook.enabled or webhook.paused_at is not None:
        return False
    if webhook.events and notice.event not in webhook.events:
        return False
    if webhook.group_id is not None and webhook.group_id != notice.group_id:
        return False
    return _RANK[notice.severity] >= _RANK[webhook.min_severity]


def encode(notice: Notice) -> str:
    """The body that is signed and sent, JSON."""
    return _ENCODER.encode(
        {
            "id": notice.id,
            "type": notice.event,
            "createdAt": notice.at,
            "data": notice.data,
        }
    ).decode()
