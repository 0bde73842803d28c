"""One worked example of the register arithmetic, without a database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

import click
import msgspec

from nxforge_consumption_monitor.register import (
    Limits,
    MeterEvent,
    Reading,
    ResetPolicy,
    unwrap,
)
from nxforge_core.api import UsageError

__all__ = ["CaseError", "energy_command"]

_EXISTING: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
_MOST_BYTES: Final = 64 * 1024 * 1024
_MAX_DIGITS: Final = 60
_FIELDS: Final = ("ts", "register_kwh", "power_kw", "voltage_v")
_LEAST_MEMBERS: Final = 2


class CaseError(UsageError):
    """A file that is no case."""

    code = "invalid_case"

    def __init__(self, *, what: str) -> None:
        super().__init__(
            f"the case cannot be read: {what}",
            remedy='write {"config": {"max_kw": "10"}, "readings": '
            '[["2025-06-01T00:00:00Z", "100.0"], ...]}; config may have max_kw, '
            "multiplier, modulus, resolution and policy",
        )


class _Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Fields of an endpoint, by the names of the worked examples."""

    max_kw: Decimal | None = None
    multiplier: Decimal | None = None
    modulus: Decimal | None = None
    resolution: Decimal | None = None
    policy: ResetPolicy | None = None

    def limits(self) -> Limits:
        names = {
            "modulus": "modulus_kwh",
            "resolution": "resolution_kwh",
            "policy": "reset_policy",
        }
        given = {
            names.get(name, name): value
            for name, value in msgspec.structs.asdict(self).items()
            if value is not None
        }
        return Limits(**given)


class _Event(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a person says about a break, as for `MeterEvent`."""

    ts: datetime
    old_kwh: Decimal | None = None
    new_kwh: Decimal | None = None


class _Case(msgspec.Struct, frozen=True):
    """One case; members of a worked example that are not named here do not matter.

    Attributes:
        readings: Instant and register, and where known power (kW) and voltage.
        decisions: What a person decided.
    """

    readings: list[list[Any]]
    config: _Config = _Config()
    decisions: list[_Event] = []


@click.command("energy")
@click.argument("case", type=_EXISTING)
def energy_command(case: Path) -> None:
    """Unwrap the register readings in the file CASE.

    Prints JSON: energy_kwh, the label of each reading in order of time, and the events
    that were found. Nothing is stored.
    """
    told = _decoded(case)
    course = unwrap(
        _readings(told.readings),
        told.config.limits(),
        events=[
            MeterEvent(ts=e.ts, old_kwh=e.old_kwh, new_kwh=e.new_kwh)
            for e in told.decisions
        ],
    )
    shown = {
        "energy_kwh": f"{course.energy_kwh:f}",
        "labels": [judged.label for judged in course.judged],
        "events": [event.type for event in course.events],
    }
    click.echo(msgspec.json.encode(shown).decode())


def _decoded(case: Path) -> _Case:
    if case.stat().st_size > _MOST_BYTES:
        raise CaseError(what=f"it has more than {_MOST_BYTES} bytes")
    try:
        data = msgspec.json.Decoder(float_hook=Decimal).decode(case.read_bytes())
        told = msgspec.convert(data, _Case, strict=False)
    except (msgspec.DecodeError, UnicodeDecodeError, InvalidOperation) as error:
        raise CaseError(what=str(error)) from None
    if not told.readings:
        raise CaseError(what="it has no reading, so its energy is unknown")
    return told


def _readings(rows: Sequence[Sequence[Any]]) -> list[Reading]:
    return [_reading(number, row) for number, row in enumerate(rows, 1)]


def _reading(number: int, row: Sequence[Any]) -> Reading:
    if not _LEAST_MEMBERS <= len(row) <= len(_FIELDS):
        raise CaseError(what=f"reading {number} has {len(row)} members, not 2 to 4")
    try:
        values: dict[str, Any] = {
            name: _number(each)
            for name, each in zip(_FIELDS[1:], row[1:], strict=False)
        }
        ts = datetime.fromisoformat(row[0])
    except (TypeError, ValueError, InvalidOperation):
        raise CaseError(what=f"reading {number} is {row!r}") from None
    return Reading(ts=ts, **values)


def _number(value: object) -> Decimal:
    text = str(value)
    number = Decimal(text)
    if isinstance(value, bool) or len(text) > _MAX_DIGITS or not number.is_finite():
        raise ValueError(value)
    return number
