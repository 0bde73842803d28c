"""What an installation would be safer without."""

from __future__ import annotations

from ._examine import examine
from ._files import weak_files
from ._finding import Finding, Level
from ._plugins import weak_plugins
from ._settings import weak_settings
from ._stored import weak_rows

__all__ = [
    "Finding",
    "Level",
    "examine",
    "weak_files",
    "weak_plugins",
    "weak_rows",
    "weak_settings",
]
