"""What a poll leaves behind. `store_round` matches the fields of the rows by name."""

from __future__ import annotations

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


class RoundRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What became of one poll."""

    endpoint_id: str
    slot: datetime
    revision: int
    failures: int
    auth_failures: int
    retry_at: datetime | None
    outcome: str
    error: str
    started_at: datetime
    scrape_ms: int
    http_status: int | None
    bytes: int | None
    excerpt: str | None
    device_ts: datetime | None
    clock_skewed: bool
    certificate_ends_at: datetime | None


class ChannelRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A reading of one channel, and what to remember of it.

    Attributes:
        register_state: State of the register arithmetic, JSON.
        rollup_state: The open hour, day and month, JSON.
        signs: What the polls so far show, JSON.
    """

    endpoint_id: str
    channel: str
    ts: datetime
    register_kwh: Decimal | None
    total_kwh: Decimal | None
    power_kw: Decimal | None
    voltage: Decimal | None
    current_a: Decimal | None
    power_factor: Decimal | None
    frequency: Decimal | None
    quality: str
    reason: str
    rule_version: int
    raw_text: str
    raw_unit: str
    resolution_kwh: Decimal | None
    device_ts: datetime | None
    ts_source: str
    meter_id: int | None
    register_state: str | None
    rollup_state: str | None
    signs: str | None


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
    """All that one poll leaves behind."""

    row: RoundRow
    channels: tuple[ChannelRow, ...] = ()
    rollups: tuple[RollupRow, ...] = ()
    events: tuple[EventRow, ...] = ()
    mends: tuple[Mend, ...] = ()
    failure: FailureRow | None = None
