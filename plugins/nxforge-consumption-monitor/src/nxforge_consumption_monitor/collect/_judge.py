"""From a poll to what is written: instants, registers, rollups, limits, rests."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import chain
from typing import Any, Final, TypeVar

import msgspec

from nxforge_consumption_monitor.extract import Extraction
from nxforge_consumption_monitor.models import (
    ChannelMemory,
    ChannelRow,
    DueEndpoint,
    EventRow,
    FailureRow,
    RoundRow,
    Verdict,
)

from ._channel import ChannelVerdict, judge_channel
from ._instant import Instant, instant_of
from ._pause import retry_at
from ._poll import Poll
from ._values import by_channel, device_time

__all__ = ["judge"]

_T = TypeVar("_T")

_MEMORIES: Final = msgspec.json.Decoder(list[ChannelMemory])
#: What the columns hold; a larger value is no measurement.
_LARGEST: Final = {
    "register_kwh": Decimal(10) ** 12,
    "total_kwh": Decimal(10) ** 12,
    "power_kw": Decimal(10) ** 8,
    "voltage": Decimal(10) ** 8,
    "current_a": Decimal(10) ** 8,
    "power_factor": Decimal(10) ** 4,
    "frequency": Decimal(10) ** 4,
}


def judge(endpoint: DueEndpoint, poll: Poll) -> Verdict:
    """Decide what a poll is worth, and what it says about readings before it."""
    extraction = poll.extraction
    if extraction is None:
        return _failed(endpoint, poll)
    instant = instant_of(endpoint, poll.arrived_at, device_time(extraction))
    if instant.repeated:
        # The reading is stored already: the device answers, and has nothing new.
        return Verdict(row=_row(endpoint, poll, instant))
    parts = _channels(endpoint, extraction, instant)
    excess = _excess(part.row for part in parts)
    if excess:
        return _failed(
            endpoint, msgspec.structs.replace(poll, outcome="sanity", error=excess)
        )
    return Verdict(
        row=_row(endpoint, poll, instant),
        channels=tuple([part.row for part in parts]),
        months_kwh={part.row.channel: part.month_kwh for part in parts},
        rollups=_joined([part.rollups for part in parts]),
        events=_joined([_skew(endpoint, instant), *(part.events for part in parts)]),
        mends=_joined([part.mends for part in parts]),
    )


def _joined(groups: Iterable[tuple[_T, ...]]) -> tuple[_T, ...]:
    return tuple(chain.from_iterable(groups))


def _channels(
    endpoint: DueEndpoint, extraction: Extraction, instant: Instant
) -> list[ChannelVerdict]:
    known = {memory.channel: memory for memory in _MEMORIES.decode(endpoint.channels)}
    return [
        judge_channel(
            endpoint, known.get(channel, ChannelMemory(channel=channel)), part, instant
        )
        for channel, part in by_channel(extraction).items()
    ]


def _row(
    endpoint: DueEndpoint, poll: Poll, instant: Instant | None = None, **fields: Any
) -> RoundRow:
    known: dict[str, Any] = {
        "endpoint_id": endpoint.id,
        "slot": endpoint.slot,
        "revision": endpoint.revision,
        "failures": 0,
        "auth_failures": 0,
        "retry_at": None,
        "outcome": poll.outcome,
        "error": poll.error,
        "started_at": poll.started_at,
        "scrape_ms": poll.milliseconds,
        "http_status": poll.http_status,
        "bytes": poll.size,
        "excerpt": poll.excerpt,
        "device_ts": instant.believed if instant else endpoint.device_ts,
        "clock_skewed": instant.skewed if instant else endpoint.clock_skewed,
        "certificate_ends_at": poll.certificate_ends_at,
    }
    return RoundRow(**known | fields)


def _failed(endpoint: DueEndpoint, poll: Poll) -> Verdict:
    failures = endpoint.failures + 1
    refused = poll.outcome == "auth"
    row = _row(
        endpoint,
        poll,
        failures=failures,
        auth_failures=endpoint.auth_failures + 1 if refused else 0,
        retry_at=retry_at(failures, poll.arrived_at, endpoint.interval_s),
    )
    return Verdict(row=row, failure=_failure(endpoint, poll))


def _failure(endpoint: DueEndpoint, poll: Poll) -> FailureRow | None:
    sight = poll.sight
    if sight is None:
        return None
    return FailureRow(
        endpoint_id=endpoint.id,
        failed_at=poll.arrived_at,
        outcome=poll.outcome,
        error=poll.error,
        step=sight.step,
        html=sight.html,
        screenshot=sight.screenshot,
    )


def _excess(rows: Iterable[ChannelRow]) -> str:
    for row in rows:
        for name, largest in _LARGEST.items():
            value = getattr(row, name)
            if value is not None and not abs(value) < largest:
                return f"{name} of {row.channel} is {value:E}, which no meter shows"
    return ""


def _skew(endpoint: DueEndpoint, instant: Instant) -> tuple[EventRow, ...]:
    if not instant.skewed or endpoint.clock_skewed or instant.device_ts is None:
        return ()
    note = f"the device's clock said {instant.device_ts:%Y-%m-%d %H:%M:%S} UTC"
    event = EventRow(
        endpoint_id=endpoint.id,
        channel="total",
        ts=instant.ts,
        type="clock_skew",
        note=note,
    )
    return (event,)
