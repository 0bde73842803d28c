"""Memory does not grow with what was read."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import psutil
import pytest
from simulated_year import rules_of
from simulator import World, WorldSpec, page

from nxforge_consumption_monitor.collect._judge import judge
from nxforge_consumption_monitor.collect._poll import Poll
from nxforge_consumption_monitor.extract import (
    ExtractionError,
    Page,
    decode_rules,
    extract,
)
from nxforge_consumption_monitor.models import DueEndpoint, Verdict

_METERS = 50
_HOUR = 3600
#: Bytes; the allocator takes and gives back some.
_SLACK = 3_000_000


@pytest.mark.parametrize(
    ("readings", "warm"),
    [
        (8_000, 4_000),
        pytest.param(1_000_000, 200_000, marks=pytest.mark.long),
    ],
)
@pytest.mark.timeout(3600)
def test_memory_is_flat(readings: int, warm: int) -> None:
    """Reading, judging and folding pages with every fault leaves nothing behind."""
    used = {count: _used() for count in _read(readings) if count in {warm, readings}}
    assert used[readings] - used[warm] < _SLACK


def _read(readings: int) -> Iterator[int]:
    """Let meters be read hour by hour; says how many readings there were."""
    # Of three pages one brings a reading at the least: the others are faults.
    days = readings // _METERS * 3 // 24 + 100
    begin = int(datetime(2025, 1, 1, tzinfo=UTC).timestamp())
    quarters = days // 91
    world = World(WorldSpec(7, begin, days, quarters, _METERS, (_HOUR,), 8))
    endpoints = [_endpoint(meter.traits) for meter in world.meters]
    count = 0
    for at in range(begin, world.spec.end, _HOUR):
        for number, meter in enumerate(world.meters):
            if not meter.listens(at):
                continue
            shown = page(meter.traits, meter.answer(at))
            verdict = _judged(endpoints[number], shown, at)
            endpoints[number] = _gone_on(endpoints[number], verdict, at)
            count += len(verdict.channels)
            if verdict.channels:
                yield count
            if count >= readings:
                return


def _judged(endpoint: DueEndpoint, shown: Any, at: int) -> Verdict:
    instant = datetime.fromtimestamp(at, UTC)
    poll = Poll(started_at=instant, arrived_at=instant, outcome="no_number")
    try:
        rules = decode_rules(endpoint.rules.encode())
        found = extract(rules, Page(shown.body, shown.content_type, shown.status))
        poll = Poll(started_at=instant, arrived_at=instant, extraction=found)
    except ExtractionError:
        pass  # a fault, and the poll says so
    return judge(endpoint, poll)


def _gone_on(endpoint: DueEndpoint, verdict: Verdict, at: int) -> DueEndpoint:
    channels = endpoint.channels
    if verdict.channels:
        [row] = verdict.channels
        channels = (
            f'[{{"channel":"{row.channel}","register":{row.register_state},'
            f'"rollup":{row.rollup_state}}}]'
        )
    return msgspec.structs.replace(
        endpoint,
        channels=channels,
        device_ts=verdict.row.device_ts,
        clock_skewed=verdict.row.clock_skewed,
        failures=verdict.row.failures,
        slot=datetime.fromtimestamp(at + _HOUR, UTC),
    )


def _endpoint(traits: Any) -> DueEndpoint:
    nothing: dict[str, Any] = dict.fromkeys(DueEndpoint.__struct_fields__)
    known: dict[str, Any] = {
        "id": "0b0e6ad2-6f5f-4c4e-9d0a-0e4a8a4d6a11",
        "name": "meter",
        "interval_s": _HOUR,
        "tz": traits.zone,
        "max_kw": Decimal(50),
        "multiplier": Decimal(traits.multiplier),
        "modulus_kwh": Decimal(traits.modulus) / 1000,
        "reset_policy": "from_zero",
        "rules": msgspec.json.encode(rules_of(traits, 0)).decode(),
        "channels": "[]",
        "rule_version": 1,
        "revision": 0,
        "clock_skewed": False,
        "failures": 0,
        "auth_failures": 0,
        "slot": datetime(2025, 1, 1, tzinfo=UTC),
    }
    return DueEndpoint(**nothing | known)


def _used() -> int:
    gc.collect()
    return int(psutil.Process().memory_full_info().uss)
