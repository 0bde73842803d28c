"""Who is told of alerts: webhooks, their outbox, and the job that delivers."""

from __future__ import annotations

from ._deliver import DELIVER_JOB, deliver
from ._manage import (
    add_webhook,
    change_webhook,
    deliveries,
    remove_webhook,
    show_webhook,
    try_webhook,
    webhooks,
)
from ._notice import Notice, encode, wants
from ._outbox import queue_notices
from ._retry import MOST_ATTEMPTS, TOO_LATE, pause_after
from ._sign import SIGNATURE_HEADER, signature

__all__ = [
    "DELIVER_JOB",
    "MOST_ATTEMPTS",
    "SIGNATURE_HEADER",
    "TOO_LATE",
    "Notice",
    "add_webhook",
    "change_webhook",
    "deliver",
    "deliveries",
    "encode",
    "pause_after",
    "queue_notices",
    "remove_webhook",
    "show_webhook",
    "signature",
    "try_webhook",
    "wants",
    "webhooks",
]
