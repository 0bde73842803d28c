"""A year of the monitor before simulated meters: its jobs, its operator, a judge."""

from __future__ import annotations

from ._context import SCHEMA, Surroundings
from ._evidence import MeterEvidence, missing
from ._judge import judge
from ._live import Lived, live_through
from ._rules import rules_of

__all__ = [
    "SCHEMA",
    "Lived",
    "MeterEvidence",
    "Surroundings",
    "judge",
    "live_through",
    "missing",
    "rules_of",
]
