"""What a round reads of an endpoint.

There are thousands of them at a time and none is part of a cycle: garbage collection
need not walk through them.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec

from nxforge_consumption_monitor.register import RegisterState

from ._endpoint import Client, ResetPolicy, TlsMode

__all__ = ["ChannelMemory", "DueEndpoint", "LeasedEndpoint"]


class LeasedEndpoint(msgspec.Struct, frozen=True, gc=False):
    """An endpoint that a round holds a lease of; `host` is its host and port."""

    id: str
    host: str


class ChannelMemory(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What is remembered of a channel between two polls.

    Attributes:
        register: State of the register arithmetic; None at the beginning.
        rollup: The open hour, day and month; None at the beginning.
        signs: What the polls so far show, JSON; null at the beginning.
        meter_id: The physical meter that is there now; None while none is known.
        multiplier: Of that meter; None: the endpoint's.
        modulus_kwh: Of that meter; None: the endpoint's.
    """

    channel: str
    register: RegisterState | None = None
    rollup: msgspec.Raw = msgspec.Raw(b"null")
    signs: msgspec.Raw = msgspec.Raw(b"null")
    meter_id: int | None = None
    multiplier: Decimal | None = None
    modulus_kwh: Decimal | None = None


class DueEndpoint(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An endpoint to poll, with its state as it was read.

    Attributes:
        host: Host and port, which are asked one thing at a time.
        slot: The endpoint's own due instant, which its readings stand for.
        revision: Of the endpoint's state; the write asks for it again.
        rules: The rule set, JSON.
        auth_options: Of the login, JSON; None without a credential.
        browser_steps: JSON.
        channels: What is remembered of its channels, JSON: an array of
            `ChannelMemory`.
        device_ts: The latest time of the device's clock that could be true.
        clock_skewed: Its clock was wrong at the last poll.
    """

    id: str
    name: str
    group_id: str | None = None
    host: str
    url: str
    method: str
    headers: dict[str, str]
    body: str | None
    timeout_s: float
    interval_s: int
    gap_after_s: int | None
    tz: str
    max_kw: Decimal
    multiplier: Decimal
    modulus_kwh: Decimal | None
    register_digits: int | None
    resolution_kwh: Decimal | None
    reset_policy: ResetPolicy
    tls_mode: TlsMode
    tls_pin: str | None
    client: Client
    browser_steps: str
    expect_type: str
    expect_text: str
    rule_version: int
    rules: str
    auth_type: str | None
    username: str | None
    sealed_secret: str | None
    auth_options: str | None
    channels: str
    revision: int
    device_ts: datetime | None
    clock_skewed: bool
    failures: int
    auth_failures: int
    slot: datetime
