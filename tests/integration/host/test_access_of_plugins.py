"""Deny by default in what is shipped: routes, pages, cards and events of plugins."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterator
from types import SimpleNamespace
from typing import Any, Final

import httpx
import msgspec
import pytest

from nxforge_core.builtin._events import wanted_by
from nxforge_core.host import NxForge
from nxforge_core.security import Limits, Principal, grants
from nxforge_core.settings import PluginSettings, ServerSettings, Settings
from nxforge_core.ui._names import named

Speak = Callable[..., httpx.AsyncClient]

PLUGINS: Final = ("consumption-monitor", "temperature-monitor")
CARDS: Final = ("cards", "data", "files")
#: Whoever may follow these would follow them here for ever.
ENDLESS: Final = ("/stream", "/events", "/live")


class Shipped:
    """A host with what is shipped, and those who call it."""

    def __init__(self, client: httpx.AsyncClient, running: Any) -> None:
        self.client = client
        self.running = running
        self.callers: dict[str, dict[str, str]] = {"anonymous": {}}
        self.held: dict[str, list[str]] = {"anonymous": []}

    async def meet(self, name: str, role: str, limits: Limits) -> None:
        """One more caller, with a token."""
        tokens = self.running.security.tokens
        made = await tokens.create(name, role, limits=limits)
        self.callers[name] = {"authorization": f"Bearer {made.text}"}
        me = await self.client.get("/api/v1/me", headers=self.callers[name])
        self.held[name] = me.json()["data"]["permissions"]

    def may(self, name: str, permission: str | None) -> bool:
        """Whether somebody holds it; None is asked of nobody."""
        if permission is None:
            return True
        return any(grants(one, permission) for one in self.held[name])

    async def status(self, name: str, method: str, path: str) -> int:
        """What somebody is answered, with a body that nothing is done with."""
        headers, content = self.callers[name], None if method == "get" else b"{"
        answer = await self.client.request(
            method, path, headers=headers, content=content
        )
        return answer.status_code


@pytest.fixture
async def shipped(settings: Settings, speak: Speak) -> AsyncIterator[Shipped]:
    """The host, and one caller of each kind."""
    settings = msgspec.structs.replace(
        settings,
        plugins=PluginSettings(enable=PLUGINS),
        server=ServerSettings(stranger_rate=0, caller_rate=0),
    )
    app = NxForge(settings)
    async with app, speak(app) as client:
        made = Shipped(client, await app.start())
        for role in ("viewer", "operator", "admin"):
            await made.meet(role, role, Limits())
        await made.meet("foreign", "admin", Limits(plugins=[PLUGINS[1]]))
        yield made


async def test_route_is_open_to_whom_its_permission_says(shipped: Shipped) -> None:
    """Nobody else comes as far as the handler, by whatever route a plugin has."""
    document = await shipped.running.openapi()
    denied = allowed = 0
    for path, methods in document["paths"].items():
        example = re.sub(r"\{[^}]+\}", "999999", path)
        for method, operation in methods.items():
            if "/m/" not in path or operation.get("security") == []:
                continue
            for name in shipped.callers:
                may = shipped.may(name, operation["x-permission"])
                if may and path.endswith(ENDLESS):
                    continue
                status = await shipped.status(name, method, example)
                wanted = 401 if name == "anonymous" else 403
                assert (status == wanted) == (not may), (method, path, name, status)
                denied, allowed = denied + (not may), allowed + may

    assert denied > 200
    assert allowed > 200


def closed(shipped: Shipped, name: str) -> Iterator[tuple[str, int]]:
    """Addresses below the API that somebody must not see, and what they are told."""
    for page, context in shipped.running.pages():
        opens = shipped.may(name, "nxforge:pages:read") and (
            page.public or shipped.may(name, page.permission)
        )
        for widget, part in named(page).items():
            if opens and shipped.may(name, part.permission):
                continue
            told = 404 if opens else 401 if name == "anonymous" else 403
            for kind in CARDS:
                path = f"{context.plugin.id}/{page.name}/{widget}"
                yield f"/api/v1/ui/{kind}/{path}", told


async def test_page_and_card_are_closed_to_who_lacks_the_permission(
    shipped: Shipped,
) -> None:
    """As tree, as data and as file; a card that is hidden is not there at all."""
    seen = dict.fromkeys(shipped.callers, 0)
    for name in shipped.callers:
        for path, wanted in closed(shipped, name):
            assert await shipped.status(name, "get", path) == wanted, (name, path)
            seen[name] += 1

    assert seen["admin"] == 0
    assert seen["anonymous"] == seen["foreign"] > seen["viewer"] > seen["operator"] > 0


async def test_event_is_told_to_whom_its_permission_says(shipped: Shipped) -> None:
    """Of each name in a manifest; never what is said in the name of another."""
    ctx: Any = SimpleNamespace(host=shipped.running)
    told = set()
    for name, held in shipped.held.items():
        wanted = wanted_by(ctx, Principal(name, "", frozenset(held)))
        for plugin in shipped.running.inventory:
            for emits in plugin.manifest.events.emits if plugin.manifest else ():
                event = emits.name.replace("*", "happened")
                parcel: Any = SimpleNamespace(source=plugin.id, name=event)
                forged: Any = SimpleNamespace(source="nobody", name=event)
                assert wanted(parcel) == shipped.may(name, emits.permission)
                assert not wanted(forged)
                if wanted(parcel):
                    told.add((name, plugin.id, event))

    assert {name for name, _, _ in told} == {"viewer", "operator", "admin", "foreign"}
    assert {plugin for name, plugin, _ in told if name == "foreign"} == {PLUGINS[1]}
    assert "module.happened" not in {
        event for name, _, event in told if name == "viewer"
    }
