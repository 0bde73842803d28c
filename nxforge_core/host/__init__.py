"""The host: `NxForge` joins everything and is an ASGI application."""

from __future__ import annotations

from nxforge_core.host._core import Core, open_core
from nxforge_core.host._deadlines import Deadlines
from nxforge_core.host._desk import JobDesk, open_job_desk
from nxforge_core.host._enabled import enabled_plugins, set_enabled
from nxforge_core.host._encode import encode
from nxforge_core.host._nxforge import NxForge
from nxforge_core.host._running import Running

__all__ = [
    "Core",
    "Deadlines",
    "JobDesk",
    "NxForge",
    "Running",
    "enabled_plugins",
    "encode",
    "open_core",
    "open_job_desk",
    "set_enabled",
]
