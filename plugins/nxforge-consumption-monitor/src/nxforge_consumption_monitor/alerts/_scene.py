"""What is known of all endpoints in one run, ready to be compared. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

import msgspec

from nxforge_consumption_monitor.models import UnknownState
from nxforge_consumption_monitor.store.alerting import ChannelNow, WatchedEndpoint

__all__ = ["Scene", "Unknown", "allowed_silence", "not_yet"]

#: Without a reading for so many intervals, and for so long at least.
_SILENT_INTERVALS: Final = 3
_SILENCE: Final = timedelta(minutes=15)
_CHANNELS: Final = msgspec.json.Decoder(list[ChannelNow])
_PAIR: Final = 2


class Unknown(msgspec.Struct, frozen=True):
    """Why there is no number.

    Attributes:
        is_early: There is none as yet: a rule that does not name the endpoint says
            nothing of it.
    """

    state: UnknownState
    why: str
    is_early: bool = False


def not_yet(why: str) -> Unknown:
    """There is no number as yet."""
    return Unknown("no_data", why, is_early=True)


def allowed_silence(endpoint: WatchedEndpoint) -> timedelta:
    """So long an endpoint may go without a reading."""
    return max(timedelta(seconds=_SILENT_INTERVALS * endpoint.interval_s), _SILENCE)


class Scene:
    """One run.

    Args:
        now: Instant of the run.
        resumed_at: Since when somebody looks without a long pause.
        endpoints: All that are watched.
    """

    def __init__(
        self, now: datetime, resumed_at: datetime, endpoints: Iterable[WatchedEndpoint]
    ) -> None:
        self.now = now
        self.resumed_at = resumed_at
        self._channels: dict[str, Mapping[str, ChannelNow]] = {}
        self._feeds: defaultdict[tuple[str, str], list[WatchedEndpoint]]
        self._feeds = defaultdict(list)
        for each in endpoints:
            if each.kind == "feed" and each.group_id is not None:
                self._feeds[each.group_id, each.location or ""].append(each)

    def channels(self, endpoint: WatchedEndpoint) -> Mapping[str, ChannelNow]:
        """The channels of an endpoint by name, as they are now."""
        known = self._channels.get(endpoint.id)
        if known is None:
            read = _CHANNELS.decode(endpoint.channels)
            known = self._channels[endpoint.id] = {each.channel: each for each in read}
        return known

    def is_fresh(self, endpoint: WatchedEndpoint, at: datetime | None) -> bool:
        """Whether what was read then still says how things are."""
        return at is not None and self.now - at <= allowed_silence(endpoint)

    def other_feed(self, endpoint: WatchedEndpoint) -> WatchedEndpoint | None:
        """The one that stands for this feed if it fails; None where that is unclear."""
        if endpoint.group_id is None or endpoint.kind != "feed":
            return None
        pair = self._feeds[endpoint.group_id, endpoint.location or ""]
        if len(pair) != _PAIR:
            return None
        return pair[0] if pair[1].id == endpoint.id else pair[1]
