"""`nxforge client`: a typed Python client out of an OpenAPI document."""

from __future__ import annotations

from ._command import command
from ._write import write_client

__all__ = ["command", "write_client"]
