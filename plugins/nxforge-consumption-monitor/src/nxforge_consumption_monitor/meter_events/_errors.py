"""Refusals about events of meters."""

from __future__ import annotations

from datetime import datetime

from nxforge_core.api import ConflictError, UnknownItemError

__all__ = [
    "DecidedEventError",
    "DuplicateEventError",
    "EnterAgainError",
    "UnknownEventError",
]


class UnknownEventError(UnknownItemError):
    """No event has the id."""

    def __init__(self, event_id: int) -> None:
        super().__init__(
            kind="event", value=str(event_id), remedy="GET /events lists the ids"
        )


class DecidedEventError(ConflictError):
    """The event is already what it is asked to become."""

    code = "event_decided"

    def __init__(self, event_id: int, state: str, by: str | None) -> None:
        super().__init__(
            f"event {event_id} is {state} already"
            + (f", decided by {by!r}" if by else ""),
            remedy="nothing has to be done; the other decision is still possible",
        )
        self.event_id = event_id
        self.state = state


class DuplicateEventError(ConflictError):
    """The channel has an event of the type at that instant."""

    code = "event_exists"

    def __init__(self, kind: str, at: datetime, event_id: int | None) -> None:
        super().__init__(
            f"there is a {kind} at {at.isoformat()} already: event {event_id}",
            remedy=f"confirm or dismiss that one: POST /events/{event_id}/confirm",
        )
        self.event_id = event_id


class EnterAgainError(ConflictError):
    """What a dismissed event needs is not kept."""

    code = "event_enter_again"

    def __init__(self, event_id: int) -> None:
        super().__init__(
            f"event {event_id} was dismissed, and its multiplier with it",
            remedy="enter it again with POST /events, which takes its place",
        )
        self.event_id = event_id
