"""What a poll leaves behind. `store_round` matches the fields of the rows by name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

import msgspec

__all__ = [
    "ChannelRow",
    "EventRow",
    "FailureRow",
    "Mend",
    "RollupRow",
    "RoundRow",
    "Verdict",
]


class RoundRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What became of one poll. What is as usual is not written: the statement knows."""

    endpoint_id: str
    slot: datetime
    revision: int
    started_at: datetime
    scrape_ms: int
    failures: int = 0
    auth_failures: int = 0
    retry_at: datetime | None = None
    outcome: str = "ok"
    error: str = ""
    http_status: int | None = None
    bytes: int | None = None
    excerpt: str | None = None
    device_ts: datetime | None = None
    clock_skewed: bool = False
    certificate_ends_at: datetime | None = None


class ChannelRow(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False
):
    """A reading of one channel, and what to remember of it.

    What is as usual is not written: the statement knows.

    Attributes:
        register_state: State of the register arithmetic, JSON.
        rollup_state: The open hour, day and month, JSON.
        signs: What the polls so far show, JSON.
    """

    endpoint_id: str
    channel: str
    ts: datetime
    rule_version: int
    raw_text: str
    raw_unit: str
    register_kwh: Decimal | None = None
    total_kwh: Decimal | None = None
    power_kw: Decimal | None = None
    voltage: Decimal | None = None
    current_a: Decimal | None = None
    power_factor: Decimal | None = None
    frequency: Decimal | None = None
    quality: str = "measured"
    reason: str = ""
    resolution_kwh: Decimal | None = None
    device_ts: datetime | None = None
    ts_source: str = "poll"
    meter_id: int | None = None
    register_state: str | None = None
    rollup_state: str | None = None
    signs: str | None = None


class RollupRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An hour, day or month of a channel.

    Attributes:
        closed: A reading after its end is known.
    """

    endpoint_id: str
    channel: str
    grain: str
    start_ts: datetime
    end_ts: datetime
    tz: str
    energy_kwh: Decimal | None
    estimated_kwh: Decimal | None
    start_register: Decimal | None
    end_register: Decimal | None
    start_quality: str | None
    end_quality: str | None
    avg_kw: Decimal | None
    peak_kw_15m: Decimal | None
    peak_at: datetime | None
    peak_kw_sample: Decimal | None
    min_kw: Decimal | None
    readings: int
    expected: int
    coverage: Decimal
    events: int
    closed: bool


class EventRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Something that a person should look at; it is proposed."""

    endpoint_id: str
    channel: str
    ts: datetime
    type: str
    old_kwh: Decimal | None = None
    new_kwh: Decimal | None = None
    note: str = ""


class Mend(msgspec.Struct, frozen=True, kw_only=True):
    """What a new reading decides about suspect ones before it.

    Attributes:
        since: The first of them; those up to `until` share its fate.
        total_ts: Which of them now has a total; None where none has.
    """

    endpoint_id: str
    channel: str
    since: datetime
    until: datetime
    quality: str
    reason: str
    total_ts: datetime | None = None
    total_kwh: Decimal | None = None


class FailureRow(msgspec.Struct, frozen=True, kw_only=True):
    """What a browser saw when the latest poll in it failed."""

    endpoint_id: str
    failed_at: datetime
    outcome: str
    error: str
    step: int
    html: str
    screenshot: bytes | None


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """All that one poll leaves behind.

    Attributes:
        months_kwh: Energy of the month that the reading is in, by channel.
        rollups: Hours, days and months that it closed.
    """

    row: RoundRow
    channels: tuple[ChannelRow, ...] = ()
    months_kwh: Mapping[str, Decimal | None] = {}
    rollups: tuple[RollupRow, ...] = ()
    events: tuple[EventRow, ...] = ()
    mends: tuple[Mend, ...] = ()
    failure: FailureRow | None = None
