"""The conformance kit: judges a plugin on a real host and a real PostgreSQL."""

from __future__ import annotations

from ._check import Check, Finding, Level, Need
from ._examine import examine
from ._report import Report, Verdict
from ._subject import NoSubjectError, NotBuiltError, Subject, open_subject
from .checks import CHECKS

__all__ = [
    "CHECKS",
    "Check",
    "Finding",
    "Level",
    "Need",
    "NoSubjectError",
    "NotBuiltError",
    "Report",
    "Subject",
    "Verdict",
    "examine",
    "open_subject",
]
