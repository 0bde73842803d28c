"""Commands of the plugin, for who writes rules and who supports meters."""

from __future__ import annotations

from ._energy import CaseError, energy_command
from ._export import export_command
from ._extract import NoValueError, extract_command
from ._import import RejectedRowsError, import_command
from ._report import report_command

__all__ = [
    "CaseError",
    "NoValueError",
    "RejectedRowsError",
    "energy_command",
    "export_command",
    "extract_command",
    "import_command",
    "report_command",
]
