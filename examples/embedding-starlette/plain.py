"""A Starlette application that forwards nothing: the first request starts the host."""

from __future__ import annotations

import os

from starlette.applications import Starlette
from starlette.routing import Mount

from nxforge_core.host import NxForge
from nxforge_core.settings import load_settings

__all__ = ["app"]

app = Starlette(
    routes=[Mount("/nxforge", app=NxForge(load_settings(environ=os.environ)))]
)
