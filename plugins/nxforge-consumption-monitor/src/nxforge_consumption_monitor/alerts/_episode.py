"""An alert in time: first sign, firing, resolved; and what is not known. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import msgspec
from msgspec.structs import replace

from nxforge_consumption_monitor.models import AlertState, UnknownState

__all__ = ["Change", "Episode", "Hush", "Patience", "Sign", "advance"]

Change = Literal["fired", "resolved", "repeated", "failed"]
#: Whether it is so, or why that is not known.
Sign = Literal["breached", "calm"] | UnknownState
#: What somebody who knows does not want to be told: nothing new, or nothing at all.
Hush = Literal["", "again", "all"]


class Patience(msgspec.Struct, frozen=True):
    """How long something must be so.

    Attributes:
        wait: Before it fires.
        keep: It must not be so before it is resolved: what flickers is one alert.
        repeat: A firing alert is told again.
        first_repeat: The same, the first time.
    """

    wait: timedelta = timedelta()
    keep: timedelta = timedelta()
    repeat: timedelta = timedelta(hours=12)
    first_repeat: timedelta = timedelta(hours=12)


class Episode(msgspec.Struct, frozen=True):
    """From the first sign to the end.

    Attributes:
        cleared_at: Since when a firing one is not so any more.
        told_at: When it was told last.
        told: How often it was told.
        unknown: Why it is not known whether a firing one still is so.
    """

    state: AlertState
    began_at: datetime
    cleared_at: datetime | None = None
    told_at: datetime | None = None
    told: int = 0
    unknown: UnknownState | None = None


_Next = tuple[Episode | None, Change | None]


def advance(  # what it was, what is so, and who may be told
    episode: Episode | None,
    now: datetime,
    patience: Patience,
    sign: Sign,
    *,
    hush: Hush = "",
    resumed_at: datetime | None = None,
) -> _Next:
    """What becomes of an alert.

    Args:
        episode: The open one, or None, which is normal.
        now: Not before the last call.
        patience: Of the rule.
        sign: Whether it is so. What is not known neither fires nor ends anything, and
            what waits begins to wait anew.
        hush: What is not told.
        resumed_at: Before it nobody looked for a while: that time counts for no repeat.

    Returns:
        The episode, None where there is none, and what is to be told.
    """
    if sign == "breached":
        return _breached(episode, now, patience, hush, resumed_at)
    if sign == "calm":
        return _calm(episode, now, patience)
    return _unknown(episode, now, patience, sign, hush)


def _breached(
    episode: Episode | None,
    now: datetime,
    patience: Patience,
    hush: Hush,
    resumed_at: datetime | None,
) -> _Next:
    if episode is None or episode.state == "no_data":
        episode = Episode("pending", now)
    if episode.state == "error":
        return (
            (_ended(episode, now)) if episode.told else (Episode("pending", now), None)
        )
    if episode.state == "pending":
        if now - episode.began_at < patience.wait:
            return episode, None
        episode = replace(episode, state="firing")
    episode = replace(episode, cleared_at=None, unknown=None)
    if hush == "all" or (hush and episode.told):
        return episode, None
    if not episode.told or episode.told_at is None:
        return _told(episode, now), "fired"
    heard_at = max(episode.told_at, resumed_at or episode.told_at)
    pause = patience.first_repeat if episode.told == 1 else patience.repeat
    if now - heard_at >= pause:
        return _told(episode, now), "repeated"
    return episode, None


def _calm(episode: Episode | None, now: datetime, patience: Patience) -> _Next:
    if episode is None or episode.state in {"pending", "no_data"}:
        return None, None
    if episode.state == "error":
        return _ended(episode, now) if episode.told else (None, None)
    cleared_at = episode.cleared_at or now
    episode = replace(episode, cleared_at=cleared_at, unknown=None)
    if now - cleared_at < patience.keep:
        return episode, None
    return _ended(episode, now)


def _unknown(
    episode: Episode | None,
    now: datetime,
    patience: Patience,
    sign: UnknownState,
    hush: Hush,
) -> _Next:
    if episode is not None and episode.state == "firing":
        return replace(episode, cleared_at=None, unknown=sign), None
    if episode is None or episode.state != sign:
        if episode is not None and episode.told:
            return _ended(episode, now)
        episode = Episode(sign, now)
    is_due = now - episode.began_at >= patience.wait
    if sign == "error" and not episode.told and is_due and hush != "all":
        return _told(episode, now), "failed"
    return episode, None


def _told(episode: Episode, now: datetime) -> Episode:
    return replace(episode, told_at=now, told=episode.told + 1)


def _ended(episode: Episode, now: datetime) -> _Next:
    ended = replace(episode, state="resolved", unknown=None)
    if not episode.told:
        return ended, None
    return replace(ended, told_at=now), "resolved"
