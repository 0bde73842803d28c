"""What the other webhooks are told when one is paused. Pure."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

from nxforge_consumption_monitor.store.alerting import Attempt, DueDelivery

from ._notice import Notice

__all__ = ["paused_notice"]


def paused_notice(delivery: DueDelivery, attempt: Attempt, failures: int) -> Notice:
    """Say that a webhook is given up until somebody enables it again."""
    name = delivery.webhook_name
    return Notice(
        id=str(
            uuid5(
                NAMESPACE_URL,
                f"webhook/{delivery.webhook_id}/paused/{attempt.at.isoformat()}",
            )
        ),
        event="webhook.paused",
        at=attempt.at,
        severity="critical",
        group_id=None,
        data={
            "webhookId": delivery.webhook_id,
            "webhookName": name,
            "severity": "critical",
            "message": f"the webhook {name} is paused after {failures} failed"
            f" attempts: {attempt.error}",
            "remedy": "See to its receiver, then enable the webhook again.",
            "labels": {"errorType": "webhook_paused"},
        },
    )
