"""The command line: one module per command, imported when it is typed."""

from __future__ import annotations

from ._main import main

__all__ = ["main"]
