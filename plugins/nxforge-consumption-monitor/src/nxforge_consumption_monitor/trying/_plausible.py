"""The number beside the last good reading, judged as a round would judge it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final

import msgspec

from nxforge_consumption_monitor.extract import RuleTrace
from nxforge_consumption_monitor.models import (
    ChannelMemory,
    DueEndpoint,
    TrialPlausibility,
)
from nxforge_consumption_monitor.register import Reading, RegisterState, Step, step
from nxforge_consumption_monitor.restate import limits_of

__all__ = ["plausibility"]

_GOOD: Final = frozenset({"ok", "jitter", "rollover"})
_HOUR_US: Final = Decimal(3_600_000_000)
_MEMORIES: Final = msgspec.json.Decoder(list[ChannelMemory])
_PLACES: Final = Decimal("0.000001")


def plausibility(
    trace: RuleTrace, endpoint: DueEndpoint, now: datetime
) -> TrialPlausibility | None:
    """Judge a register; None where there is nothing to compare it with."""
    if trace.quantity != "energy" or trace.value is None:
        return None
    memory = _memory(endpoint, trace.channel)
    state = memory.register if memory else None
    if memory is None or state is None or state.v0 is None or state.t0 is None:
        return None
    limits = limits_of(
        endpoint,
        learned=trace.resolution,
        multiplier=memory.multiplier,
        modulus_kwh=memory.modulus_kwh,
    )
    told = step(state, Reading(ts=now, register_kwh=trace.value), limits)
    return _told(told, state, now)


def _told(told: Step, state: RegisterState, now: datetime) -> TrialPlausibility | None:
    if state.v0 is None or state.t0 is None:
        return None
    elapsed = now - state.t0
    microseconds = (elapsed.days * 86_400 + elapsed.seconds) * 1_000_000
    microseconds += elapsed.microseconds
    mean = None
    if microseconds > 0:
        mean = (told.energy_kwh * _HOUR_US / microseconds).quantize(_PLACES)
    return TrialPlausibility(
        last_register_kwh=state.v0,
        last_at=state.t0,
        label=told.label,
        plausible=told.label in _GOOD,
        energy_kwh=told.energy_kwh,
        mean_kw=mean,
    )


def _memory(endpoint: DueEndpoint, channel: str) -> ChannelMemory | None:
    for memory in _MEMORIES.decode(endpoint.channels or "[]"):
        if memory.channel == channel:
            return memory
    return None
