"""What an answer says about one channel: its reading, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import msgspec

from nxforge_consumption_monitor.extract import Measurement, Quantity
from nxforge_consumption_monitor.fetch import storable
from nxforge_consumption_monitor.models import (
    ChannelMemory,
    ChannelRow,
    DueEndpoint,
    EventRow,
    Mend,
    RollupRow,
)
from nxforge_consumption_monitor.register import (
    Reading,
    RegisterState,
    Step,
    step,
)
from nxforge_consumption_monitor.restate import (
    Course,
    events_of,
    limits_of,
    mends_of,
    plan_of,
    reason_of,
)
from nxforge_consumption_monitor.signs import Sight, Signs, note

from ._instant import Instant

__all__ = ["ChannelVerdict", "Values", "judge_channel"]

Values = Mapping[Quantity, Measurement]

_MAX_RAW: Final = 200
_MAX_UNIT: Final = 40
_ZERO: Final = Decimal(0)
#: Of readings whose energy flowed since the reading before them.
_UNBROKEN: Final = frozenset({"ok", "jitter", "rollover"})
_SIGNS: Final = msgspec.json.Decoder(Signs | None)
_COLUMNS: Final[tuple[tuple[str, Quantity], ...]] = (
    ("register_kwh", "energy"),
    ("power_kw", "power"),
    ("voltage", "voltage"),
    ("current_a", "current"),
    ("power_factor", "pf"),
    ("frequency", "frequency"),
)


class ChannelVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """All that one answer leaves behind of one channel.

    Attributes:
        rollups: Those that it closed.
        month_kwh: Energy of the open month.
    """

    row: ChannelRow
    month_kwh: Decimal | None = None
    rollups: tuple[RollupRow, ...] = ()
    events: tuple[EventRow, ...] = ()
    mends: tuple[Mend, ...] = ()


def judge_channel(
    endpoint: DueEndpoint, memory: ChannelMemory, values: Values, instant: Instant
) -> ChannelVerdict:
    """Judge the values of one channel by what is known of it."""
    plan = plan_of(endpoint.tz, endpoint.interval_s, endpoint.gap_after_s)
    register = memory.register or RegisterState()
    course = Course(
        endpoint.id, memory.channel, plan, register=register, rollup=memory.rollup
    )
    known = _known(endpoint, memory, values, instant)
    power_kw = known.get("power_kw")
    if "energy" not in values:
        course.sample(instant.ts, power_kw)
        signs = _signs(endpoint, memory, values, known, None)
        return ChannelVerdict(
            row=ChannelRow(**known, **course.states(), signs=signs),
            month_kwh=course.month_kwh,
            rollups=course.closed(),
        )
    change = _step(endpoint, memory, values, instant)
    course.follow(change, at=instant.ts, power_kw=power_kw)
    signs = _signs(endpoint, memory, values, known, change)
    unwrapped = _unwrapped(change, instant)
    return ChannelVerdict(
        row=ChannelRow(**known, **unwrapped, **course.states(), signs=signs),
        month_kwh=course.month_kwh,
        rollups=course.closed(),
        events=events_of(endpoint.id, memory.channel, change),
        mends=mends_of(endpoint.id, memory.channel, change),
    )


def _known(
    endpoint: DueEndpoint, memory: ChannelMemory, values: Values, instant: Instant
) -> dict[str, Any]:
    energy = values.get("energy")
    main = energy or next(iter(values.values()))
    known: dict[str, Any] = {
        "endpoint_id": endpoint.id,
        "channel": memory.channel,
        "ts": instant.ts,
        "rule_version": endpoint.rule_version,
        "raw_text": storable(main.raw_text)[:_MAX_RAW],
        "raw_unit": storable(main.raw_unit)[:_MAX_UNIT],
        "resolution_kwh": energy.resolution if energy else None,
        "device_ts": instant.device_ts,
        "ts_source": instant.source,
        "meter_id": memory.meter_id,
    }
    for column, quantity in _COLUMNS:
        if quantity in values:
            known[column] = values[quantity].value
    return known


def _step(
    endpoint: DueEndpoint, memory: ChannelMemory, values: Values, instant: Instant
) -> Step:
    energy, power = values["energy"], values.get("power")
    voltage = values.get("voltage")
    reading = Reading(
        ts=instant.ts,
        register_kwh=energy.value,
        power_kw=power.value if power else None,
        voltage_v=voltage.value if voltage else None,
    )
    limits = limits_of(
        endpoint,
        learned=energy.resolution,
        multiplier=memory.multiplier,
        modulus_kwh=memory.modulus_kwh,
    )
    return step(memory.register or RegisterState(), reading, limits)


def _signs(
    endpoint: DueEndpoint,
    memory: ChannelMemory,
    values: Values,
    known: Mapping[str, Any],
    change: Step | None,
) -> str | None:
    signs = _SIGNS.decode(memory.signs)
    if change is None or change.quality != "rejected":
        power = values.get("power")
        is_whole = change is not None and change.label in _UNBROKEN
        signs = note(
            signs,
            Sight(
                ts=known["ts"],
                register_kwh=known.get("register_kwh"),
                power_kw=known.get("power_kw"),
                power_step_kw=power.resolution or _ZERO if power else _ZERO,
                grown_kwh=change.energy_kwh if change and is_whole else None,
                resolution_kwh=(known["resolution_kwh"] or _ZERO)
                * (memory.multiplier or endpoint.multiplier),
            ),
            plan_of(
                endpoint.tz, endpoint.interval_s, endpoint.gap_after_s
            ).cadence.longest,
        )
    return msgspec.json.encode(signs).decode() if signs else None


def _unwrapped(change: Step, instant: Instant) -> dict[str, Any]:
    totals: dict[Any, Decimal] = {point.ts: point.total_kwh for point in change.points}
    return {
        "total_kwh": totals.get(instant.ts),
        "quality": change.quality,
        "reason": reason_of(change.label),
    }
