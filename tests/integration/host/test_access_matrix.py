"""Deny by default: every route, every kind of caller."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from nxforge_core.security import CONSOLE, Limits, grants

Start = Callable[..., Awaitable[Any]]

pytestmark = pytest.mark.usefixtures("meter")

ROLES = ("viewer", "operator", "admin")
#: The whole list: a route that becomes public must be added by hand.
PUBLIC = {
    ("get", "/health/live"),
    ("get", "/health/ready"),
    ("get", "/login"),
    ("post", "/login"),
    ("get", "/login/{code}"),
    ("get", "/setup/{code}"),
    ("post", "/setup/{code}"),
    ("get", "/reset/{code}"),
    ("post", "/reset/{code}"),
    ("post", "/api/v1/login"),
    ("post", "/api/v1/setup"),
    ("post", "/api/v1/password-reset"),
    ("get", "/api/v1/m/meter/hello"),
    ("get", "/ui/nx/{digest}/{path}"),
}


@pytest.fixture
async def host(start: Start) -> Any:
    """A host with the plugin `meter` at work."""
    return await start("meter")


async def operations(host: Any) -> dict[tuple[str, str], dict[str, Any]]:
    """Every registered route by method and path, from the composed document."""
    document = await host.running.openapi()
    return {
        (method, path): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def example(path: str) -> str:
    """A path with what is nothing's number or name; a stream that is refused."""
    refused = {
        "/api/v1/events": "?names=nothing",
        "/api/v1/ui/stream": f"?names={'x' * 2001}",
    }
    return re.sub(r"\{[^}]+\}", "999999", path) + refused.get(path, "")


async def foreign(host: Any) -> dict[str, str]:
    """Headers of an administrator's token that counts for another plugin only."""
    made = await host.running.security.tokens.create(
        "foreign", "admin", limits=Limits(plugins=["greeter"])
    )
    return {"authorization": f"Bearer {made.text}"}


def routed(host: Any) -> set[tuple[str, str]]:
    """What the routers answer, whoever registered it, without OPTIONS."""
    applications = [host.running.zero, host.running.started["meter"].application]
    return {
        (method.lower(), re.sub(r":\w+\}", "}", route.path_format))
        for application in applications
        for route in application.asgi.routes
        for handler in route.route_handlers
        for method in handler.http_methods
        if method != "OPTIONS"
    }


async def test_only_the_listed_routes_are_public(host: Any) -> None:
    """The composed document holds every route, and few of them are public."""
    found = await operations(host)
    public = {route for route, one in found.items() if one.get("security") == []}
    declared = {
        (route.method.lower(), re.sub(r":\w+\}", "}", prefix + route.path))
        for prefix, plugin in (("", "nxforge"), ("/api/v1/m/meter", "meter"))
        for route in host.running.inventory[plugin].specs.routes
    }

    assert set(found) == declared == routed(host)
    assert public == PUBLIC


async def test_every_other_route_denies_who_lacks_the_permission(host: Any) -> None:
    """401 without a token, 403 without the permission, neither with it."""
    callers = {role: await host.bearer(role) for role in ROLES}
    callers["foreign"] = await foreign(host)
    held = {
        role: (await host.client.get("/api/v1/me", headers=headers)).json()["data"]
        for role, headers in callers.items()
    }
    seen = set()
    for (method, path), operation in (await operations(host)).items():
        if operation.get("security") == []:
            continue
        permission = operation["x-permission"]
        anonymous = await host.client.request(method, example(path))
        assert anonymous.status_code == 401, (method, path)
        assert anonymous.headers["www-authenticate"] == "Bearer"
        for role, headers in callers.items():
            answer = await host.client.request(method, example(path), headers=headers)
            may = any(grants(one, permission) for one in held[role]["permissions"])
            assert (answer.status_code != 403) == may, (method, path, role)
            assert answer.status_code != 401, (method, path, role)
            seen.add((method, path, role))

    assert len(seen) == 4 * len(routed(host) - PUBLIC)
    assert held["foreign"]["permissions"] == ["greeter:*", "nxforge:me:read"]


async def test_session_may_what_its_person_may(host: Any) -> None:
    """The cookie of a viewer opens what a viewer's token opens, and nothing else."""
    code = await host.running.security.links.login("viewer", "wall", CONSOLE)
    entered = await host.client.get(f"/login/{code}")
    headers = {
        "cookie": entered.headers["set-cookie"].partition(";")[0],
        "origin": "http://host",
    }
    held = (await host.client.get("/api/v1/me", headers=headers)).json()["data"]
    for (method, path), operation in (await operations(host)).items():
        # Ends the very session.
        if operation.get("security") == [] or path.endswith("/logout"):
            continue
        answer = await host.client.request(method, example(path), headers=headers)
        may = operation["x-permission"] in held["permissions"]
        assert (answer.status_code != 403) == may, (method, path)
        assert answer.status_code != 401, (method, path)
        if method != "get":
            del (elsewhere := dict(headers))["origin"]
            forged = {**elsewhere, "origin": "http://elsewhere"}
            for bad in (elsewhere, forged):
                denied = await host.client.request(method, example(path), headers=bad)
                assert denied.status_code == 403, (method, path)


async def test_denied_request_changes_nothing(host: Any) -> None:
    """A body of a caller without the permission is not even looked at."""
    viewer = await host.bearer("viewer")

    good = await host.client.post(
        "/api/v1/m/meter/readings", json={"meterId": 1, "value": 1}, headers=viewer
    )
    bad = await host.client.post(
        "/api/v1/m/meter/readings", content=b"{", headers=viewer
    )
    stored = await host.client.get("/api/v1/m/meter/readings", headers=viewer)

    assert (good.status_code, bad.status_code) == (403, 403)
    assert stored.json()["data"] == []


async def test_revoked_token_is_refused_at_once(host: Any) -> None:
    """In the process that revokes it a token is dead with the next request."""
    headers = await host.bearer("viewer")
    before = await host.client.get("/api/v1/me", headers=headers)
    await host.running.security.tokens.revoke("viewer of a test")
    after = await host.client.get("/api/v1/me", headers=headers)

    assert (before.status_code, after.status_code) == (200, 401)


async def test_login_link_begins_a_session(host: Any) -> None:
    """A link sets a cookie for browsers, once; looking at it does not use it up."""
    code = await host.running.security.links.login("viewer", "somebody", CONSOLE)
    looked = await host.client.head(f"/login/{code}")
    entered = await host.client.get(f"/login/{code}")
    again = await host.client.get(f"/login/{code}", headers={"cookie": ""})
    cookie = entered.headers["set-cookie"]
    session = {"cookie": cookie.partition(";")[0]}
    page = await host.client.get("/", headers=session)
    api = await host.client.get("/api/v1/me", headers=session)

    assert looked.status_code == 405
    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert again.status_code == 401
    assert (page.status_code, api.status_code) == (200, 200)


async def test_person_gets_a_page_where_a_program_gets_a_problem(host: Any) -> None:
    """Browsers are told in HTML, on pages; the API answers problems to everybody."""
    browser = {"accept": "text/html,application/xhtml+xml"}

    denied = await host.client.get("/", headers=browser)
    missing = await host.client.get(
        "/ui/meter/nothing", headers={**browser, **await host.bearer("viewer")}
    )
    program = await host.client.get("/")
    api = await host.client.get("/api/v1/me", headers=browser)

    assert denied.status_code == 401
    assert denied.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in denied.headers["content-security-policy"]
    assert "Log in" in denied.text
    assert missing.status_code == 404
    assert "meter/nothing" in missing.text
    assert program.headers["content-type"] == "application/problem+json"
    assert api.headers["content-type"] == "application/problem+json"
