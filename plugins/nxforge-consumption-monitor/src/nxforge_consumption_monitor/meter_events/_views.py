"""Events, meters and segments on the wire."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from nxforge_consumption_monitor.restate import Restatement
from nxforge_core.api import Body, Model

__all__ = [
    "DecisionBody",
    "DecisionView",
    "EnteredType",
    "EventBody",
    "EventView",
    "MeterView",
    "SegmentView",
    "Unmeasured",
]

EnteredType = Literal[
    "replacement", "reset", "rollover", "jump", "multiplier_change", "correction"
]
Serial = Annotated[str, Meta(max_length=100)]
Note = Annotated[str, Meta(max_length=500)]
Channel = Annotated[str, Meta(pattern="^[a-z0-9_]{1,32}$")]


class EventBody(Body):
    """An event that a person enters; it counts at once.

    Attributes:
        timestamp: When it happened, with its offset.
        old_kwh: Where the old count ended, as the device showed it, kWh. By default
            of a rollover the modulus, of a reset, a jump or a correction the register
            read last; null: nobody knows, then nothing is counted after that reading.
        new_kwh: Where the new count began. By default of a rollover and a reset 0, of
            a jump the register read next, of a changed multiplier `old_kwh`; null:
            nobody knows.
        old_serial: Of the meter that was taken away.
        new_serial: Of the one that came.
        multiplier: From then on, of a changed multiplier or another meter.
        modulus_kwh: Of the other meter.
    """

    endpoint_id: str
    type: EnteredType
    timestamp: datetime
    channel: Channel = "total"
    old_kwh: Decimal | UnsetType | None = UNSET
    new_kwh: Decimal | UnsetType | None = UNSET
    old_serial: Serial = ""
    new_serial: Serial = ""
    multiplier: Decimal | None = None
    modulus_kwh: Decimal | None = None
    note: Note = ""


class DecisionBody(Body):
    """What a person knows better about a proposed event; by default nothing."""

    old_kwh: Decimal | UnsetType | None = UNSET
    new_kwh: Decimal | UnsetType | None = UNSET
    note: Note | UnsetType = UNSET


class EventView(Model):
    """An event of a meter.

    Attributes:
        old_kwh: Where the old count ended, kWh on the device; null: unknown.
        origin: `auto` was found in the readings, `user` was entered.
    """

    id: int
    endpoint_id: str
    endpoint_name: str
    channel: str
    timestamp: datetime
    type: str
    old_kwh: Decimal | None
    new_kwh: Decimal | None
    origin: str
    state: str
    note: str
    created_at: datetime
    decided_by: str | None
    decided_at: datetime | None


class Unmeasured(Model):
    """Time between two readings whose energy nothing has measured.

    Attributes:
        trailing_kw: Mean load of the seven days before.
        offered_kwh: That load times the hours: an estimate, which counts only if a
            person takes it.
        old_kwh: What to give as `oldKwh` to take it.
    """

    start: datetime
    end: datetime | None
    trailing_kw: Decimal | None
    offered_kwh: Decimal | None
    old_kwh: Decimal | None


class DecisionView(Model):
    """What a decision changed, or as a preview would change.

    Attributes:
        stored: False: a preview, everything is as it was.
        restated: Days and months with another energy, before and after.
        unmeasured: Where an end of the break is not known.
    """

    stored: bool
    event: EventView
    restated: Restatement
    unmeasured: Unmeasured | None


class MeterView(Model):
    """A physical meter of an endpoint.

    Attributes:
        installed_at: Null: since the first reading.
        removed_at: Null: it is there now.
        multiplier: By what its register is multiplied.
    """

    id: int
    channel: str
    serial: str
    installed_at: datetime | None
    removed_at: datetime | None
    initial_kwh: Decimal | None
    final_kwh: Decimal | None
    multiplier: Decimal
    modulus_kwh: Decimal | None


class SegmentView(Model):
    """A part of a period in which one register counted on without a break.

    Attributes:
        start_register: As the device showed it, kWh; null where it is not known.
        energy_kwh: The segments of a period add up to it exactly.
        ended_by: Type of the break at its end; null for the last one.
    """

    channel: str
    start: datetime
    end: datetime
    serial: str
    multiplier: Decimal
    start_register: Decimal | None
    end_register: Decimal | None
    energy_kwh: Decimal
    ended_by: str | None
