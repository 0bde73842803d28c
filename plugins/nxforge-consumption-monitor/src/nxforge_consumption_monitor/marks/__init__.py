"""Readings that a person says are bad, or good after all."""

from __future__ import annotations

from ._errors import NoSuchReadingError
from ._mark import exclude, marks, restore
from ._views import ExcludeBody, MarkedView, MarkView, RestoreBody

__all__ = [
    "ExcludeBody",
    "MarkView",
    "MarkedView",
    "NoSuchReadingError",
    "RestoreBody",
    "exclude",
    "marks",
    "restore",
]
