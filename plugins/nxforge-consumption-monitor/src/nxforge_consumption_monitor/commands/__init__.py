"""Commands of the plugin, for who writes rules and who supports meters."""

from __future__ import annotations

from ._energy import CaseError, energy_command
from ._extract import NoValueError, extract_command

__all__ = ["CaseError", "NoValueError", "energy_command", "extract_command"]
