"""Tried as an attacker would, with a viewer's token: nothing is to be had."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from typing import Any, Final

import httpx
import msgspec
import pytest
from forbidden import Forbidden, written

from nxforge_core.api import ui
from nxforge_core.host import NxForge
from nxforge_core.security import CONSOLE, Limits
from nxforge_core.settings import PluginSettings, Settings
from nxforge_core.ui._names import named

Caller = dict[str, str]
Speak = Callable[..., httpx.AsyncClient]

MONITOR: Final = "/api/v1/m/consumption-monitor"
CANARY: Final = "canary-4711-never-shown"
STEPS: Final = [{"step": "json", "path": "kwh"}, {"step": "unit", "fixed": "kWh"}]
RULES: Final = [{"quantity": "energy", "steps": STEPS}]
#: What a viewer may send: to what is their own, a question in a body, and to pages,
#: whose actions have permissions of their own.
OWN: Final = {
    ("post", "/logout"),
    ("post", "/api/v1/jobs/{plugin}/{job}/preview"),
    ("post", "/ui/{plugin}/{name}"),
    ("post", "/api/v1/logout"),
    ("post", "/api/v1/tokens"),
    ("post", "/api/v1/me/password"),
    ("put", "/api/v1/me/home"),
    ("delete", "/api/v1/me/home"),
    ("delete", "/api/v1/me/tokens/{token_id}"),
    ("delete", "/api/v1/me/sessions"),
    ("delete", "/api/v1/me/sessions/{session_id}"),
}
#: What a viewer may do on pages: with tokens and the start page of their own.
OWN_DEEDS: Final = {
    ("tokens", "own"),
    ("tokens", "make-a-token"),
    ("home", "cards"),
    ("home", "as-at-first"),
}
#: That of them which needs no more than a click.
CLICKED: Final = ("home", "as-at-first")
#: Ways out of a plugin's own part of the API.
DETOURS: Final = (
    "{own}/..{other}", "{own}/../consumption-monitor/endpoints",
    "{own}/%2e%2e/consumption-monitor/endpoints",
    "{own}/..%2fconsumption-monitor%2fendpoints",
    "{own}/%252e%252e/consumption-monitor/endpoints",
    "{own}/..;/consumption-monitor/endpoints", "{own}//../..{other}",
    "{own}/..\\consumption-monitor\\endpoints", "/{other}", "/.{other}", "{other}/",
    "{other};x=1", "{other}%00", "{other}?plugin=temperature-monitor", "{other}%20",
    "{other}/.", "/api/v1/m/CONSUMPTION-MONITOR/endpoints", "//host{other}",
    "/api//v1/m/consumption-monitor/endpoints",
    "/API/V1/M/consumption-monitor/endpoints",
)  # fmt: skip


class Attacked:
    """A host at work, and who calls it."""

    def __init__(self, app: NxForge, client: httpx.AsyncClient) -> None:
        self.app = app
        self.client = client
        self.running: Any = None
        self.ids: dict[str, str] = {}

    async def bearer(self, role: str, limits: Limits | None = None) -> Caller:
        """Headers of a token with this role."""
        more = {} if limits is None else {"limits": limits}
        tokens = self.running.security.tokens
        made = await tokens.create(f"{role} {len(self.ids)} x", role, **more)
        return {"authorization": f"Bearer {made.text}"}

    async def operations(self) -> list[tuple[str, str, dict[str, Any]]]:
        """Every route: method, path, and what is said of it."""
        document = await self.running.openapi()
        return [
            (method, path, operation)
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
        ]

    def filled(self, path: str) -> str:
        """The path with what there is."""
        return re.sub(r"\{([^}]+)\}", lambda found: self.ids.get(found[1], "1"), path)


@pytest.fixture
async def attacked(settings: Settings, speak: Speak) -> AsyncIterator[Attacked]:
    """A host with both plugins and secrets in it."""
    enable = ("consumption-monitor", "temperature-monitor")
    settings = msgspec.structs.replace(settings, plugins=PluginSettings(enable=enable))
    app = NxForge(settings)
    async with app, speak(app) as client:
        made = Attacked(app, client)
        made.running = await app.start()
        await _fill(made)
        yield made


async def _fill(attacked: Attacked) -> None:
    admin = await attacked.bearer("admin")
    endpoint = {
        "name": "a",
        "url": "http://10.20.0.7/",
        "auth": {"type": "basic", "username": "u", "secret": CANARY},
        "rules": RULES,
    }
    webhook = {
        "name": "w",
        "url": f"http://10.20.0.8/{CANARY}",
        "events": [],
        "secret": CANARY,
    }
    for kind, body in (("endpoint", endpoint), ("webhook", webhook)):
        answer = await attacked.client.post(
            f"{MONITOR}/{kind}s", json=body, headers=admin
        )
        assert answer.status_code == 201, answer.text
        attacked.ids[f"{kind}_id"] = answer.json()["data"]["id"]
    attacked.ids |= {
        "given_id": attacked.ids["endpoint_id"],
        "plugin": "consumption-monitor",
        "page": "live",
        "widget": "endpoints",
        "owner": "consumption-monitor",
    }


async def test_viewer_reads_no_secret(attacked: Attacked) -> None:
    """Every route that reads: refused, or without the password and the address."""
    viewer = await attacked.bearer("viewer")
    answered = 0
    for method, path, _ in await attacked.operations():
        if method != "get" or path.endswith(("/stream", "/events", "/live")):
            continue
        answer = await attacked.client.get(attacked.filled(path), headers=viewer)
        assert CANARY not in answer.text, path
        assert CANARY[::-1] not in answer.text, path
        assert answer.status_code < 500 or path.endswith(".pdf"), path
        answered += answer.status_code == 200

    assert answered > 30


async def test_viewer_changes_nothing_but_their_own(attacked: Attacked) -> None:
    """Every route that changes, runs or tries something is refused before its body."""
    viewer = await attacked.bearer("viewer")
    may = set()
    for method, path, operation in await attacked.operations():
        if method == "get" or operation.get("security") == []:
            continue
        answer = await attacked.client.request(
            method, attacked.filled(path), headers=viewer, content=b"{"
        )
        if answer.status_code != 403:
            may.add((method, path))

    assert may == OWN
    assert await _refused_tokens(attacked, viewer) == [403] * 5


async def test_viewer_does_nothing_on_pages(attacked: Attacked) -> None:
    """Buttons, forms and actions of rows do not exist but those of their own tokens."""
    code = await attacked.running.security.links.login("viewer", "wall", CONSOLE)
    entered = await attacked.client.get(f"/login/{code}")
    cookie = entered.headers["set-cookie"].partition(";")[0]
    viewer = {"cookie": cookie, "origin": "http://host"}
    refused, may = 0, set()
    for page, context in attacked.running.pages():
        for name, widget in named(page).items():
            for form in _sent(name, widget, attacked.ids["endpoint_id"]):
                answer = await attacked.client.post(
                    f"/ui/{context.plugin.id}/{page.name}", data=form, headers=viewer
                )
                if answer.status_code in {403, 404}:
                    refused += 1
                else:
                    may.add((page.name, name))
                    wanted = 303 if (page.name, name) == CLICKED else 422
                    assert answer.status_code == wanted, (page.name, form)

    assert refused > 5
    assert may == OWN_DEEDS
    assert await _refused_page_token(attacked, viewer) == 422


async def _refused_page_token(attacked: Attacked, viewer: Caller) -> int:
    """What the form for tokens answers to somebody who asks for more than they have."""
    form = {"nx-widget": "make-a-token", "nx-sure": "1", "name": "x", "role": "admin"}
    answer = await attacked.client.post("/ui/nxforge/tokens", data=form, headers=viewer)
    assert "nxf_" not in answer.text
    return answer.status_code


def _sent(name: str, widget: Any, key: str) -> list[dict[str, str]]:
    """What a browser would send for it; nothing where there is nothing to do."""
    form = {"nx-widget": name, "nx-sure": "1"}
    if isinstance(widget, ui.Action | ui.Form):
        return [form]
    if isinstance(widget, ui.Table):
        return [form | {"nx-one": f"{each.name}:{key}"} for each in widget.actions]
    return []


async def _refused_tokens(attacked: Attacked, viewer: Caller) -> list[int]:
    """What is answered to tokens of other roles and with permissions of others."""
    bodies: list[dict[str, object]] = [
        {"name": "x", "role": "admin"},
        {"name": "x", "role": "operator"},
        {"name": "x", "permissions": ["*"]},
        {"name": "x", "permissions": ["consumption-monitor:endpoints:test"]},
        {"name": "x"},
    ]
    return [
        (
            await attacked.client.post("/api/v1/tokens", json=body, headers=viewer)
        ).status_code
        for body in bodies
    ]


async def test_token_of_one_plugin_reaches_no_other(attacked: Attacked) -> None:
    """Not by the front door, and by no detour."""
    limits = Limits(plugins=["temperature-monitor"])
    foreign = await attacked.bearer("admin", limits)
    for method, path, operation in await attacked.operations():
        if path.startswith(MONITOR) and operation.get("security") != []:
            answer = await attacked.client.request(
                method, attacked.filled(path), headers=foreign
            )
            assert answer.status_code == 403, (method, path)
    own, other = "/api/v1/m/temperature-monitor", f"{MONITOR}/endpoints"
    for detour in DETOURS:
        raw = detour.format(own=own, other=other).encode()
        url = httpx.URL("http://host").copy_with(raw_path=raw)
        answer = await attacked.client.get(url, headers=foreign)
        assert answer.status_code in {301, 307, 308, 400, 403, 404, 405}, detour
        assert "10.20.0.7" not in answer.text, detour


async def test_nobody_makes_the_host_ask_a_forbidden_address(
    attacked: Attacked,
) -> None:
    """A viewer's hints are no requests; who may try endpoints is told of the policy."""
    viewer, operator = (
        await attacked.bearer("viewer"),
        await attacked.bearer("operator"),
    )
    with Forbidden() as forbidden:
        place = f"127.0.0.1:{forbidden.port}"
        hints = {
            "referer": f"http://{place}/",
            "origin": f"http://{place}",
            "x-forwarded-host": place,
            "x-original-url": f"http://{place}/",
            "forwarded": f"host={place}",
        }
        query = dict.fromkeys(("url", "next", "callback", "src"), f"http://{place}/")
        for method, path, _ in await attacked.operations():
            if method == "get" and not path.endswith(("/stream", "/events", "/live")):
                where = attacked.filled(path)
                await attacked.client.get(where, headers=viewer | hints, params=query)
        denied = []
        for case in (
            "http://127.1:{port}/", "http://[::1]:{port}/", "http://0:{port}/",
            "http://[::ffff:127.0.0.1]:{port}/", "http://2130706433:{port}/",
        ):  # fmt: skip
            url = written(case, forbidden.port, 80)
            body = {"url": url, "name": "x", "rules": RULES}
            answer = await attacked.client.post(
                f"{MONITOR}/endpoints/test", json=body, headers=operator
            )
            denied.append(answer.text)
        hits = forbidden.hits()

    assert hits == 0
    assert all("denied" in text for text in denied), denied
    remedies = ("nxforge network allow", "no entry of network.allow opens this one")
    assert all(any(one in text for one in remedies) for text in denied), denied
