"""Refusals of webhooks."""

from __future__ import annotations

from nxforge_core.api import ConflictError, UnknownItemError

__all__ = [
    "IdleWebhookError",
    "TakenWebhookNameError",
    "TooManyWebhooksError",
    "UnknownWebhookError",
]


class UnknownWebhookError(UnknownItemError):
    """No webhook has the id."""

    def __init__(self, webhook_id: str) -> None:
        super().__init__(
            kind="webhook", value=webhook_id, remedy="GET /webhooks lists the ids"
        )


class TakenWebhookNameError(ConflictError):
    """Two webhooks would bear one name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"a webhook named {name!r} exists already",
            remedy="choose another name, or change the existing webhook",
        )
        self.name = name


class TooManyWebhooksError(ConflictError):
    """All webhooks are told at the same time, so they are limited."""

    def __init__(self, most: int) -> None:
        super().__init__(
            f"there are {most} webhooks already, which is the limit",
            remedy="delete one that is not needed, or pass events on behind one",
        )
        self.most = most


class IdleWebhookError(ConflictError):
    """Nothing is sent to a webhook that is paused or not enabled."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"the webhook {name!r} is paused or not enabled, so nothing is sent to it",
            remedy="change it with enabled true, which ends a pause as well",
        )
        self.name = name
