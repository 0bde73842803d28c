"""A FastAPI application with an NxForge host below a prefix."""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

from fastapi import FastAPI
from fastapi.security.utils import get_authorization_scheme_param

from nxforge_core.host import NxForge, Visitor
from nxforge_core.settings import load_settings

__all__ = ["app"]

#: Stands for what an application knows of its callers.
KEYS: Final[Mapping[str, str]] = {"shop-" + secrets.token_hex(): "robot"}


class ShopLogin:
    """Callers of the shop's own API bring a header, which no browser adds by itself."""

    async def visitor(self, scope: Any) -> Visitor | None:
        """The holder of one of the shop's keys."""
        given = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
        _, key = get_authorization_scheme_param(given)
        name = KEYS.get(key)
        return None if name is None else Visitor(name, "operator", ambient=False)


host = NxForge(load_settings(environ=os.environ), login=ShopLogin())


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """FastAPI tells applications that it mounts nothing: its own life span does."""
    async with host:
        yield


app = FastAPI(lifespan=lifespan)


@app.get("/keys")
async def keys() -> list[str]:
    """The keys there are; a shop would not tell."""
    return list(KEYS)


app.mount("/nxforge", host)
