"""Rules for a number that a person sees on a page."""

from __future__ import annotations

from ._find import Candidate, find_number
from ._wanted import FindError, Wanted, read_wanted

__all__ = ["Candidate", "FindError", "Wanted", "find_number", "read_wanted"]
