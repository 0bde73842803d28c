"""Applications built of route specs alone: no database, no plugin on disk."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest

from nxforge_core.api import PluginContext, RouteSpec
from nxforge_core.host._access import Access
from nxforge_core.host._application import PluginApplication, build_application
from nxforge_core.host._request import RequestShell
from nxforge_core.security import Principal
from nxforge_core.security.people import CookieNames

PREFIX = "/api/v1/m/probe"
PEOPLE = {
    "reader": Principal("reader", "viewer", frozenset({"probe:things:read"})),
    "admin": Principal("admin", "admin", frozenset({"*"})),
}


class Doorman:
    """Knows tokens that are the names of people."""

    async def bearer(self, token: str) -> Principal | None:
        """The one of that name."""
        return PEOPLE.get(token)

    async def session(self, text: str) -> Principal | None:
        """The one of that name, be it a session."""
        return PEOPLE.get(text)


Build = Callable[..., PluginApplication]
Speak = Callable[..., httpx.AsyncClient]


@pytest.fixture
def context() -> PluginContext[Any]:
    """A context that nothing in these tests looks into."""
    unused: Any = None
    return PluginContext(
        plugin=unused,
        settings="the settings",
        db=unused,
        http=unused,
        browser=unused,
        secrets=unused,
        jobs=unused,
        events=unused,
        log=unused,
        clock=unused,
    )


@pytest.fixture
def build(context: PluginContext[Any]) -> Build:
    """Build the application of some routes."""

    def make(*routes: RouteSpec, prefix: str = PREFIX) -> PluginApplication:
        access = Access(Doorman(), CookieNames("0badcafe"))
        return build_application(routes, prefix, context, access)

    return make


@pytest.fixture
async def speak(build: Build) -> AsyncIterator[Speak]:
    """A client of some routes, inside the shell that every request passes."""
    async with AsyncExitStack() as stack:

        def connect(
            *routes: RouteSpec, prefix: str = PREFIX, record: Any = None
        ) -> httpx.AsyncClient:
            application = build(*routes, prefix=prefix)
            shell = RequestShell(record)

            async def serve(scope: Any, receive: Any, send: Any) -> None:
                await shell.run(application.asgi, scope, receive, send)

            transport = httpx.ASGITransport(serve)
            client = httpx.AsyncClient(transport=transport, base_url="http://host")
            stack.push_async_callback(client.aclose)
            return client

        yield connect
