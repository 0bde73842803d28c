"""The start page as each of its readers wants it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from distributions import Site

from nxforge_core.security import CONSOLE
from nxforge_core.security.people import NewPerson

Start = Callable[..., Awaitable[Any]]

OFFERING = """
from nxforge_core.api import *


@hookimpl
def nxforge_pages():
    return [
        ui.Page(
            name="start",
            title="Pages of {name}",
            public=True,
            body=[
                ui.Text("Text", title="First of {name}", home=True),
                ui.Text("Text", title="Second of {name}", home=True),
            ],
        )
    ]
"""
OWN = "/api/v1/me/home"
HERE = {"origin": "http://host"}
FIRST, SECOND, OTHER = (
    "pump/start/first-of-pump",
    "pump/start/second-of-pump",
    "tank/start/first-of-tank",
)


@pytest.fixture
async def host(start: Start, site: Site) -> Any:
    """A host with two plugins that offer two cards each."""
    for name in ("pump", "tank"):
        site.add(name, OFFERING.replace("{name}", name))
    return await start("pump", "tank")


async def person(host: Any, name: str) -> dict[str, str]:
    """Somebody with an account, who is logged in."""
    security = host.running.security
    await security.accounts.create(NewPerson(name=name, role="viewer"), CONSOLE)
    body = {"code": await security.links.reset(name, CONSOLE)}
    body["password"] = f"seven green lamps of {name}"
    return entered(host, await host.client.post("/api/v1/password-reset", json=body))


async def guest(host: Any) -> dict[str, str]:
    """Somebody whom a link let in."""
    code = await host.running.security.links.login("viewer", "guest", CONSOLE)
    return entered(host, await host.client.get(f"/login/{code}"))


def entered(host: Any, answer: Any) -> dict[str, str]:
    """What the browser sends from now on; the client itself forgets it."""
    pairs = [each.partition(";")[0] for each in answer.headers.get_list("set-cookie")]
    host.client.cookies.clear()
    return {"cookie": "; ".join(pairs), **HERE}


async def seen(host: Any, headers: dict[str, str]) -> list[str]:
    """Titles of the cards on the start page, in order."""
    answer = await host.client.get("/", headers=headers)
    host.client.cookies.clear()
    return re.findall(r"<h3>(\w+ of \w+)</h3>", answer.text)


async def test_order_and_hiding_are_kept_for_each_reader(host: Any) -> None:
    """One's own start page changes, for a person and for a guest; no other one does."""
    ada, bob = await person(host, "ada"), await person(host, "bob")
    visitor = await guest(host)
    body = {"cards": [OTHER, SECOND], "hidden": [FIRST]}

    put = await host.client.put(OWN, json=body, headers=ada)
    by_guest = await host.client.put(OWN, json={"cards": [SECOND]}, headers=visitor)

    assert put.status_code == by_guest.status_code == 200, put.text
    first = put.json()["data"][0]
    assert (first["name"], first["shown"]) == (OTHER, True)
    assert await seen(host, ada) == [
        "First of tank",
        "Second of pump",
        "Second of tank",
    ]
    assert await seen(host, visitor) == [
        "Second of pump",
        "First of pump",
        "First of tank",
        "Second of tank",
    ]
    assert len(await seen(host, bob)) == 4
    assert (await host.client.delete(OWN, headers=ada)).status_code == 204
    assert await seen(host, ada) == await seen(host, bob)


async def test_page_arranges_without_javascript(host: Any) -> None:
    """Buttons of the page are those of forms: up, down, hide, show, as at first."""
    ada = await person(host, "ada")
    page, form = "/ui/nxforge/home", {"nx-widget": "cards"}

    async def press(what: str) -> int:
        data = {**form, "nx-one": what}
        return int((await host.client.post(page, data=data, headers=ada)).status_code)

    html = (await host.client.get(page, headers=ada)).text
    assert 'aria-label="Down First of pump"' in html
    assert 'aria-label="Up First of pump"' not in html
    assert await press(f"down:{FIRST}") == 303
    assert (await seen(host, ada))[:2] == ["Second of pump", "First of pump"]
    assert await press(f"up:{OTHER}") == 303
    assert await press(f"hide:{SECOND}") == 303
    assert await seen(host, ada) == ["First of tank", "First of pump", "Second of tank"]
    assert await press(f"show:{SECOND}") == 303
    assert (await seen(host, ada))[0] == "Second of pump"
    reset = {"nx-widget": "as-at-first", "nx-sure": "1"}
    assert (await host.client.post(page, data=reset, headers=ada)).status_code == 303
    assert (await seen(host, ada))[0] == "First of pump"


async def test_plugin_that_goes_and_comes_keeps_its_places(host: Any) -> None:
    """Its cards are away while it is, and are back where they were."""
    ada, admin = await person(host, "ada"), await host.bearer("admin")
    await host.client.put(OWN, json={"cards": [OTHER, FIRST]}, headers=ada)
    before = await seen(host, ada)

    await host.client.post("/api/v1/plugins/tank/disable", headers=admin)
    without = await seen(host, ada)
    await host.client.post("/api/v1/plugins/tank/enable", headers=admin)

    assert before[0] == "First of tank"
    assert without == ["First of pump", "Second of pump"]
    assert await seen(host, ada) == before


async def test_who_hid_everything_is_told_the_way_back(host: Any) -> None:
    """An empty start page says why it is, and leads to where that is changed."""
    ada = await person(host, "ada")
    offered = (await host.client.get(OWN, headers=ada)).json()["data"]
    hidden = [each["name"] for each in offered]

    await host.client.put(OWN, json={"cards": [], "hidden": hidden}, headers=ada)
    text = (await host.client.get("/", headers=ada)).text

    assert "Everything is hidden" in text
    assert 'href="/ui/nxforge/home"' in text


async def test_token_of_nobody_has_no_start_page_of_its_own(host: Any) -> None:
    """It sees what is offered; what it wants is not kept, and names are names."""
    token = await host.bearer("viewer")
    ada = await person(host, "ada")

    listed = await host.client.get(OWN, headers=token)
    refused = await host.client.put(OWN, json={"cards": [FIRST]}, headers=token)
    odd = await host.client.put(OWN, json={"cards": ["Pump"]}, headers=ada)

    assert len(listed.json()["data"]) == 4
    assert refused.json()["error"]["code"] == "person_required"
    assert odd.status_code == 400
