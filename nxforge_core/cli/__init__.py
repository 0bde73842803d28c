"""The command line: one module per command, imported when it is typed."""

from __future__ import annotations

from nxforge_core.cli._main import main

__all__ = ["main"]
