"""A Starlette application that hands its life span on to an NxForge host."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from nxforge_core.host import NxForge
from nxforge_core.settings import load_settings

__all__ = ["app"]

host = NxForge(load_settings(environ=os.environ))


async def index(_: Request) -> PlainTextResponse:
    """A page of the application itself."""
    return PlainTextResponse("The application; the meters: /nxforge/")


@asynccontextmanager
async def lifespan(_: Starlette) -> AsyncIterator[None]:
    """The host runs as long as the application."""
    async with host:
        yield


app = Starlette(
    routes=[Route("/", index), Mount("/nxforge", app=host)], lifespan=lifespan
)
