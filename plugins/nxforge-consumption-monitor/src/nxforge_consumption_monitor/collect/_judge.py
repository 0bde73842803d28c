"""From a poll to what is written: the register's arithmetic, limits, rests."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import msgspec

from nxforge_consumption_monitor.extract import Extraction
from nxforge_consumption_monitor.fetch import storable
from nxforge_consumption_monitor.models import DueEndpoint, Mend, RoundRow
from nxforge_consumption_monitor.register import (
    Limits,
    Reading,
    RegisterState,
    Step,
    step,
)

from ._pause import retry_at
from ._poll import Poll

__all__ = ["judge"]

_DEFAULT_RESOLUTION: Final = Decimal("0.001")
_MAX_RAW: Final = 200
#: What the columns hold; a larger value is no measurement.
_LARGEST: Final = {
    "register_kwh": Decimal(10) ** 12,
    "total_kwh": Decimal(10) ** 12,
    "power_kw": Decimal(10) ** 8,
    "voltage": Decimal(10) ** 8,
    "current_a": Decimal(10) ** 8,
    "power_factor": Decimal(10) ** 4,
}
#: Labels that say nothing a reader needs.
_PLAIN: Final = frozenset({"first", "ok"})


def judge(endpoint: DueEndpoint, poll: Poll) -> tuple[RoundRow, list[Mend]]:
    """Decide what a poll is worth, and what it says about readings before it."""
    extraction = poll.extraction
    if extraction is None:
        return _failed(endpoint, poll), []
    fields = _measured(endpoint, poll, extraction)
    change = _step(endpoint, poll, extraction)
    if change is not None:
        fields |= _unwrapped(change, poll)
    excess = _excess(fields)
    if excess:
        poll = msgspec.structs.replace(poll, outcome="sanity", error=excess)
        return _failed(endpoint, poll), []
    return _row(endpoint, poll, **fields), _mends(endpoint, change)


def _row(endpoint: DueEndpoint, poll: Poll, **fields: Any) -> RoundRow:
    known: dict[str, Any] = {
        "endpoint_id": endpoint.id,
        "channel": endpoint.channel,
        "slot": endpoint.slot,
        "revision": endpoint.revision,
        "register_state": endpoint.register_state,
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
    }
    return RoundRow(**known | fields)


def _failed(endpoint: DueEndpoint, poll: Poll) -> RoundRow:
    failures = endpoint.failures + 1
    refused = poll.outcome == "auth"
    return _row(
        endpoint,
        poll,
        failures=failures,
        auth_failures=endpoint.auth_failures + 1 if refused else 0,
        retry_at=retry_at(failures, poll.arrived_at, endpoint.interval_s),
    )


def _excess(fields: Mapping[str, Any]) -> str:
    for name, largest in _LARGEST.items():
        value = fields[name]
        if value is not None and not abs(value) < largest:
            return f"{name} is {value:E}, which no meter shows"
    return ""


def _measured(
    endpoint: DueEndpoint, poll: Poll, extraction: Extraction
) -> dict[str, Any]:
    return {
        "ts": poll.arrived_at,
        "register_kwh": extraction.energy_kwh,
        "total_kwh": None,
        "power_kw": extraction.power_kw,
        "voltage": extraction.voltage_v,
        "current_a": extraction.current_a,
        "power_factor": extraction.power_factor,
        "quality": "measured",
        "reason": "",
        "rule_version": endpoint.rule_version,
        "raw_text": storable(extraction.raw_text)[:_MAX_RAW],
    }


def _step(endpoint: DueEndpoint, poll: Poll, extraction: Extraction) -> Step | None:
    if extraction.energy_kwh is None:
        return None
    reading = Reading(
        ts=poll.arrived_at,
        register_kwh=extraction.energy_kwh,
        power_kw=extraction.power_kw,
        voltage_v=extraction.voltage_v,
    )
    return step(_state(endpoint), reading, _limits(endpoint, extraction))


def _state(endpoint: DueEndpoint) -> RegisterState:
    if endpoint.register_state is None:
        return RegisterState()
    return msgspec.json.decode(endpoint.register_state, type=RegisterState)


def _limits(endpoint: DueEndpoint, extraction: Extraction) -> Limits:
    learned = extraction.resolution_kwh or _DEFAULT_RESOLUTION
    return Limits(
        max_kw=endpoint.max_kw,
        multiplier=endpoint.multiplier,
        modulus_kwh=endpoint.modulus_kwh,
        resolution_kwh=endpoint.resolution_kwh or learned,
        reset_policy=endpoint.reset_policy,
    )


def _unwrapped(change: Step, poll: Poll) -> dict[str, Any]:
    totals = {point.ts: point.total_kwh for point in change.points}
    return {
        "ts": poll.arrived_at,
        "total_kwh": totals.get(poll.arrived_at),
        "quality": change.quality,
        "reason": "" if change.label in _PLAIN else change.label,
        "register_state": msgspec.json.encode(change.state).decode(),
    }


def _mends(endpoint: DueEndpoint, change: Step | None) -> list[Mend]:
    if change is None:
        return []
    mends = []
    for revision in change.revisions:
        within = [p for p in change.points if revision.since <= p.ts <= revision.until]
        mends.append(
            Mend(
                endpoint_id=endpoint.id,
                channel=endpoint.channel,
                since=revision.since,
                until=revision.until,
                quality=revision.quality,
                reason=revision.label,
                total_ts=within[0].ts if within else None,
                total_kwh=within[0].total_kwh if within else None,
            )
        )
    return mends
