"""What a round reads and what it writes, one struct per endpoint.

There are thousands of them at a time and none is part of a cycle: garbage collection
need not walk through them.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec

from ._endpoint import ResetPolicy

__all__ = ["DueEndpoint", "LeasedEndpoint", "Mend", "RoundRow"]


class LeasedEndpoint(msgspec.Struct, frozen=True, gc=False):
    """An endpoint that a round holds a lease of; `host` is its host and port."""

    id: str
    host: str


class DueEndpoint(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An endpoint to poll, with the state of its channel as it was read.

    Attributes:
        host: Host and port, which are asked one thing at a time.
        slot: The endpoint's own due instant, which its reading stands for.
        revision: Of the channel; the write asks for it again.
        rules: The rule set, JSON.
        register_state: State of the register arithmetic, JSON; None at the beginning.
    """

    id: str
    name: str
    host: str
    url: str
    method: str
    headers: dict[str, str]
    body: str | None
    timeout_s: float
    interval_s: int
    max_kw: Decimal
    multiplier: Decimal
    modulus_kwh: Decimal | None
    resolution_kwh: Decimal | None
    reset_policy: ResetPolicy
    rule_version: int
    rules: str
    auth_type: str | None
    username: str | None
    sealed_secret: str | None
    channel: str
    revision: int
    register_state: str | None
    failures: int
    auth_failures: int
    slot: datetime


class RoundRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What one poll leaves behind; `store_round` names its fields.

    Attributes:
        ts: When the reading was taken; None when there is none to store.
    """

    endpoint_id: str
    channel: str
    slot: datetime
    revision: int
    register_state: str | None
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
    ts: datetime | None = None
    register_kwh: Decimal | None = None
    total_kwh: Decimal | None = None
    power_kw: Decimal | None = None
    voltage: Decimal | None = None
    current_a: Decimal | None = None
    power_factor: Decimal | None = None
    quality: str | None = None
    reason: str | None = None
    rule_version: int | None = None
    raw_text: str | None = None


class Mend(msgspec.Struct, frozen=True, kw_only=True, gc=False):
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
