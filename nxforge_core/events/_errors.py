"""What may be wrong with an event, or with whoever takes it."""

from __future__ import annotations

from typing import ClassVar

from nxforge_core.api import NxForgeError, UsageError

__all__ = ["EventDataError", "ForeignEventError", "SlowHandlerError"]


class ForeignEventError(UsageError):
    """A plugin publishes what its manifest does not list."""

    code: ClassVar[str] = "foreign_event"

    def __init__(self, name: str, emits: tuple[str, ...]) -> None:
        listed = ", ".join(repr(each) for each in emits) or "nothing"
        super().__init__(
            f"{name!r} is published, and manifest.json lists {listed}",
            remedy="add it to 'emits' of 'events' there",
        )
        self.name = name
        self.emits = emits


class EventDataError(UsageError):
    """What an event carries cannot be carried."""

    code: ClassVar[str] = "event_data"

    def __init__(self, what: str) -> None:
        super().__init__(
            f"the data {what}",
            remedy="publish a small object; whoever needs more asks for it",
        )


class SlowHandlerError(NxForgeError):
    """A handler did not end in its time."""

    code: ClassVar[str] = "slow_handler"

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"the handler took more than {seconds:g} s",
            remedy="queue a run for long work, or give the SubscriptionSpec more time",
        )
        self.seconds = seconds
