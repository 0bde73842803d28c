"""How well each endpoint and day is known."""

from __future__ import annotations

from ._quality import QualityQuery, quality
from ._table import quality_table

__all__ = ["QualityQuery", "quality", "quality_table"]
