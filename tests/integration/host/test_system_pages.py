"""The system's pages of plugins, people, tokens, the trail, events and health."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from distributions import Site
from reading import Reading, words

from nxforge_core.security import CONSOLE
from nxforge_core.security.people import NewPerson

Start = Callable[..., Awaitable[Any]]

BROKEN = """
raise RuntimeError("the file is <i>torn</i>")
"""
SECRET = "seven green lamps"  # noqa: S105 - of a test


@pytest.fixture
async def host(site: Site, meter: Any, start: Start) -> Any:
    """A host with a plugin that works and one that does not."""
    assert meter.is_dir()
    site.add("torn", BROKEN)
    return await start("meter", "torn")


@pytest.fixture
async def admin(host: Any) -> Reading:
    """One who may everything."""
    return Reading(host.client, await host.bearer("admin"))


@pytest.fixture
async def viewer(host: Any) -> Reading:
    """One who only looks."""
    return Reading(host.client, await host.bearer("viewer"))


async def person(host: Any) -> Reading:
    """An administrator who is logged in."""
    security = host.running.security
    await security.accounts.create(NewPerson(name="ada", role="admin"), CONSOLE)
    code = await security.links.reset("ada", CONSOLE)
    sent = {"code": code, "password": SECRET}
    await host.client.post("/api/v1/password-reset", json=sent)
    login = {"name": "ada", "password": SECRET}
    answer = await host.client.post("/api/v1/login", json=login)
    assert answer.status_code == 200, answer.text
    return Reading(host.client, {"origin": "http://host"})


async def test_plugin_that_fails_says_where_and_what_to_do(admin: Reading) -> None:
    """The list has state and remedy, the page of one the error and what it adds."""
    plugins = await admin.see("/ui/nxforge/plugins")
    torn = await admin.see("/ui/nxforge/plugin?id=torn")
    meter = await admin.see("/ui/nxforge/plugin?id=meter")

    assert "quarantined" in words(plugins, "plugins")
    assert "8 routes, 1 page, tables" in words(plugins, "plugins")
    assert "The host runs without it." in words(torn, "why-it-does-not-serve")
    assert "RuntimeError: the file is <i>torn</i>" in words(torn, "error")
    assert "running" in words(meter, "about-it")
    assert "meter:readings:read" in words(meter, "routes")


async def test_health_begins_with_a_sentence(admin: Reading) -> None:
    """What is not as it should be is named first."""
    page = await admin.see("/ui/nxforge/health")

    assert "not at work as they should be: torn" in words(page, "now")
    assert "database" in words(page, "host")


async def test_account_is_made_changed_and_in_the_trail(admin: Reading) -> None:
    """The link that sets a password is shown once; every step is in the trail."""
    users = "/ui/nxforge/users"
    made = await admin.press(users, "make-an-account", name="eve", role="viewer")
    wrong = await admin.press(users, "change-a-role", name="eve", role="king")
    right = await admin.press(users, "change-a-role", name="eve", role="operator")
    link = await admin.press(users, "people", **{"nx-one": "password:eve"})
    await admin.press(users, "people", **{"nx-many": "deactivate", "key": "eve"})
    role = await admin.press(
        users, "make-a-role", name="reader", permissions="meter:readings:read"
    )
    page = await admin.see(users)
    audit = await admin.see("/ui/nxforge/audit?audit.f.action=users")
    verified = await admin.press("/ui/nxforge/audit", "verify")

    assert made.json()["secret"].startswith("/reset/")
    assert wrong.status_code == 422
    assert right.json()["message"] == "eve is operator."
    assert link.json()["secret"] != made.json()["secret"]
    assert "eve operator ○ deactivated" in words(page, "people")
    assert role.json()["message"] == "reader holds 1 permissions."
    assert "reader own meter:readings:read" in words(page, "roles")
    assert "users.create" in words(audit, "changes")
    assert made.json()["secret"] not in audit.html
    assert "The trail is whole" in verified.json()["message"]


async def test_token_is_shown_once_and_revoked(host: Any) -> None:
    """A person makes one with an end; the text is in the answer and nowhere else."""
    reader = await person(host)
    path = "/ui/nxforge/tokens"
    made = await reader.press(path, "make-a-token", name="script", days="7")
    text = made.json()["secret"]
    page = await reader.see(path)
    seen = await host.client.get(
        "/api/v1/me", headers={"authorization": f"Bearer {text}", "cookie": ""}
    )
    key = page.css_first("#own tbody tr").attributes["data-key"]
    await reader.press(path, "own", **{"nx-one": f"revoke:{key}"})
    after = await reader.see(path)

    assert seen.status_code == 200
    assert "script" in words(page, "own")
    assert "expires soon" in words(page, "own")
    assert text not in page.html
    assert "You have no token" in words(after, "own")


async def test_secret_without_a_script_is_in_the_answer_only(
    host: Any, admin: Reading
) -> None:
    """No cookie carries it: the answer to the form is the page that shows it."""
    token = await host.running.security.tokens.create("another", "admin")
    headers = {"authorization": f"Bearer {token.text}", "accept": "text/html"}
    sent = {"nx-widget": "make-a-token", "name": "cron", "role": "viewer"}

    answer = await host.client.post("/ui/nxforge/tokens", data=sent, headers=headers)
    page = await admin.see("/ui/nxforge/tokens")

    assert answer.status_code == 200
    assert 'class="nx-secret">nxf_' in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    assert "cron" in words(page, "all")


async def test_viewer_sees_no_page_of_administrators(viewer: Reading) -> None:
    """Pages of people, plugins and the trail are neither in the menu nor reachable."""
    forbidden = ("plugins", "plugin?id=meter", "health", "users", "audit")
    statuses = [await viewer.status(f"/ui/nxforge/{name}") for name in forbidden]
    events = await viewer.see("/ui/nxforge/events")
    tokens = await viewer.see("/ui/nxforge/tokens")
    menu = " ".join(each.text() for each in events.css("nav"))

    assert statuses == [403] * 5
    assert "Audit" not in menu
    assert "API tokens" in menu
    assert tokens.css_first("#all") is None
    # What happened to plugins is for those who may see plugins.
    assert "module." not in words(events, "events")
