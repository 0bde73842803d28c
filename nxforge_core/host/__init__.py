"""The host: `NxForge` joins everything and is an ASGI application."""

from __future__ import annotations

from ._core import Core, open_core, open_server
from ._deadlines import Deadlines
from ._desk import JobDesk, open_job_desk
from ._encode import encode
from ._litestar import NxForgePlugin
from ._nxforge import NxForge
from ._open_context import open_context
from ._plugin_settings import (
    PluginSettings,
    open_plugin_settings,
    unset_plugin_settings,
)
from ._process import Process
from ._running import Running
from ._visitor import OuterLogin, Visitor
from .lifecycle import Wishes, change_plugin, read_wishes, say_restart

__all__ = [
    "Core",
    "Deadlines",
    "JobDesk",
    "NxForge",
    "NxForgePlugin",
    "OuterLogin",
    "PluginSettings",
    "Process",
    "Running",
    "Visitor",
    "Wishes",
    "change_plugin",
    "encode",
    "open_context",
    "open_core",
    "open_job_desk",
    "open_plugin_settings",
    "open_server",
    "read_wishes",
    "say_restart",
    "unset_plugin_settings",
]
