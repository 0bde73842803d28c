"""The arithmetic of cumulative registers: pure functions over Decimal and UTC instants.

The register is the truth, everything else is derived: `step` unwraps it into a total
that never falls, `register_at` reads that total at any instant, and the energy of any
period is the difference of two such values.
"""

from __future__ import annotations

from ._boundary import (
    Boundary,
    Cadence,
    Quality,
    boundary_between,
    interpolated,
    mean_kw,
    register_at,
    trailing_mean_kw,
)
from ._calendar import (
    Grain,
    LocalGrain,
    Span,
    local_day,
    local_midnight,
    span_at,
    span_of,
    spans_between,
)
from ._errors import LimitError, NaiveInstantError
from ._limits import Limits, ResetPolicy
from ._meter_event import MeterEvent, apply_event
from ._period import Period, period
from ._replay import Course, Judged, unwrap
from ._state import PendingKind, Reading, RegisterState
from ._step import (
    Change,
    Event,
    EventType,
    Label,
    Point,
    ReadingQuality,
    Revision,
    Step,
)
from ._unwrap import step

__all__ = [
    "Boundary",
    "Cadence",
    "Change",
    "Course",
    "Event",
    "EventType",
    "Grain",
    "Judged",
    "Label",
    "LimitError",
    "Limits",
    "LocalGrain",
    "MeterEvent",
    "NaiveInstantError",
    "PendingKind",
    "Period",
    "Point",
    "Quality",
    "Reading",
    "ReadingQuality",
    "RegisterState",
    "ResetPolicy",
    "Revision",
    "Span",
    "Step",
    "apply_event",
    "boundary_between",
    "interpolated",
    "local_day",
    "local_midnight",
    "mean_kw",
    "period",
    "register_at",
    "span_at",
    "span_of",
    "spans_between",
    "step",
    "trailing_mean_kw",
    "unwrap",
]
