"""The two pluggy markers of the project."""

from __future__ import annotations

from typing import Final

import pluggy

__all__ = ["PROJECT", "hookimpl", "hookspec"]

PROJECT: Final = "nxforge"

hookspec = pluggy.HookspecMarker(PROJECT)
#: Marks a function of a plugin module as the hook it is named after.
hookimpl = pluggy.HookimplMarker(PROJECT)
