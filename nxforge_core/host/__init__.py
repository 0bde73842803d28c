"""The host: `NxForge` joins everything and is an ASGI application."""

from __future__ import annotations

from ._core import Core, open_core, open_server
from ._deadlines import Deadlines
from ._desk import JobDesk, open_job_desk
from ._enabled import enabled_plugins, instance_id, set_enabled
from ._encode import encode
from ._nxforge import NxForge
from ._open_context import open_context
from ._running import Running

__all__ = [
    "Core",
    "Deadlines",
    "JobDesk",
    "NxForge",
    "Running",
    "enabled_plugins",
    "encode",
    "instance_id",
    "open_context",
    "open_core",
    "open_job_desk",
    "open_server",
    "set_enabled",
]
