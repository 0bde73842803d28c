"""An alert in time: first sign, firing, resolved. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from nxforge_consumption_monitor.models import AlertState

__all__ = ["Change", "Episode", "Patience", "advance"]

Change = Literal["fired", "resolved", "repeated"]


class Patience(msgspec.Struct, frozen=True):
    """How long something must be so.

    Attributes:
        wait: Before it fires.
        keep: It must not be so before it is resolved: what flickers is one alert.
        repeat: A firing alert is told again.
    """

    wait: timedelta = timedelta()
    keep: timedelta = timedelta()
    repeat: timedelta = timedelta(hours=12)


class Episode(msgspec.Struct, frozen=True):
    """From the first sign to the end.

    Attributes:
        cleared_at: Since when a firing one is not so any more.
        told_at: When it was told last.
    """

    state: AlertState
    began_at: datetime
    cleared_at: datetime | None = None
    told_at: datetime | None = None


def advance(
    episode: Episode | None,
    now: datetime,
    patience: Patience,
    *,
    breached: bool | None,
) -> tuple[Episode | None, Change | None]:
    """What becomes of an alert.

    Args:
        episode: The open one, or None.
        now: Not before the last call.
        patience: Of the rule.
        breached: Whether it is so; None where that is not known, which changes nothing.

    Returns:
        The episode, None where there is none, and what is to be told.
    """
    if breached is None:
        return episode, None
    if not breached:
        return _calm(episode, now, patience)
    if episode is None:
        episode = Episode("pending", now)
    if episode.state == "pending":
        if now - episode.began_at < patience.wait:
            return episode, None
        return Episode("firing", episode.began_at, told_at=now), "fired"
    if episode.told_at is None or now - episode.told_at >= patience.repeat:
        return Episode("firing", episode.began_at, told_at=now), "repeated"
    return msgspec.structs.replace(episode, cleared_at=None), None


def _calm(
    episode: Episode | None, now: datetime, patience: Patience
) -> tuple[Episode | None, Change | None]:
    if episode is None or episode.state == "pending":
        return None, None
    cleared_at = episode.cleared_at or now
    episode = msgspec.structs.replace(episode, cleared_at=cleared_at)
    if now - cleared_at < patience.keep:
        return episode, None
    return msgspec.structs.replace(episode, state="resolved", told_at=now), "resolved"
