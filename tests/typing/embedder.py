"""Checked by mypy, never run: the host as an embedding application sees it."""

from __future__ import annotations

from pathlib import Path
from typing import assert_type

from nxforge_core.host import NxForge
from nxforge_core.settings import DatabaseSettings, PluginSettings, Settings


async def embed() -> None:
    """Settings are structs; the host is a context manager and an ASGI application."""
    settings = Settings(
        data_dir=Path("/var/lib/nxforge"),
        database=DatabaseSettings(url="postgresql://nxforge@db/nxforge"),
        plugins=PluginSettings(enable=("consumption-monitor",)),
    )
    async with NxForge(settings) as host:
        assert_type(host, NxForge)
        assert_type(host.settings.server.port, int)
