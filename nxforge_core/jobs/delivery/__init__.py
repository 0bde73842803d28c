"""How a queued run reaches a worker of some process."""

from __future__ import annotations

from ._crew import Crew
from ._link import Link, Row, query

__all__ = ["Crew", "Link", "Row", "query"]
