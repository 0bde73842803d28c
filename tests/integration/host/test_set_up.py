"""The set-up of a new host: its own steps, those of plugins, an end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from reading import Reading, words

from nxforge_core.security import CONSOLE
from nxforge_core.security.audit import AuditFilter

Start = Callable[..., Awaitable[Any]]

PAGE, HOME = "/ui/nxforge/setup", "/"
PASSWORD = "seven green lamps"  # noqa: S105 - of a test

#: Its first step is done once somebody wrote a row; it fails while the row is odd.
METERING = """
from nxforge_core.api import *


async def first(ctx):
    row = await ctx.db.fetchval("select note from reading")
    if row == "odd":
        raise RuntimeError("unspeakable")
    if row is None:
        return ui.Step(title="The first meter", done=False, text="Add <i>it</i>.")
    link = ui.Link("Live", "live")
    return ui.Step(title="The first meter", done=True, text="After 8 s.", link=link)


@hookimpl
def nxforge_migrations():
    return MigrationsSpec(__package__)


@hookimpl
def nxforge_pages():
    return [ui.Page(name="add", title="Add a meter", first=first, body=[],
                    public=True, menu=False)]
"""
FILES = {"migrations/001_create_reading.sql": "create table reading (note text);"}


@pytest.fixture
async def host(site: Any, start: Start) -> Any:
    """A new host with a plugin that has something to set up."""
    site.add("metering", METERING, files=FILES)
    return await start("metering")


async def note(host: Any, text: str) -> None:
    """Write the row that the plugin's step looks at."""
    context = host.running.started["metering"].context
    await context.db.execute("delete from reading")
    await context.db.execute("insert into reading values ($1)", text)


async def reader(host: Any, role: str = "admin") -> Reading:
    """Somebody with a token."""
    return Reading(host.client, await host.bearer(role))


async def finish(host: Any) -> None:
    """Take every step but that of the plugin."""
    code = await host.running.security.links.setup()
    form = {"name": "ada", "password": PASSWORD}
    here = {"origin": "http://host"}
    await host.client.post(f"/setup/{code}", data=form, headers=here)
    host.client.cookies.clear()
    await host.running.networks.add("10.20.0.0/16", CONSOLE)


def steps(page: Any) -> list[tuple[bool, str]]:
    """Each step of a page: done or not, and its title."""
    return [
        (each.attributes["class"] == "done", each.css_first("strong").text(deep=False))
        for each in page.css("#steps li")
    ]


async def test_new_host_says_what_comes_next(host: Any) -> None:
    """Start page and page of the set-up have the steps; the next one stands out."""
    admin = await reader(host)
    page, home = await admin.see(PAGE), await admin.see(HOME)
    current = page.css_first("#steps [aria-current=step] strong")

    assert steps(page) == [
        (False, "An administrator"),
        (True, "A database"),
        (False, "Networks the host may fetch from"),
        (False, "The first meter"),
    ]
    assert steps(home) == steps(page)
    assert current.text(deep=False) == "An administrator"
    assert "PostgreSQL 1" in words(page, "steps")
    assert "TimescaleDB" in words(page, "steps")
    assert page.css_first("#steps i") is None
    assert page.css("#steps a")[-1].attributes["href"] == "/ui/metering/add"


async def test_set_up_ends_when_all_is_done(host: Any) -> None:
    """The last step's words and way are said; the start page is done with it."""
    await finish(host)
    admin = await reader(host)
    before = await admin.see(HOME)
    await note(host, "read")
    page, home = await admin.see(PAGE), await admin.see(HOME)
    await note(host, "odd")
    later = await admin.see(HOME)

    assert [done for done, _ in steps(before)] == [True, True, True, False]
    assert "Everything is set up. After 8 s." in words(page, "how-far-it-is")
    assert page.css("#how-far-it-is a")[0].attributes["href"] == "/ui/metering/live"
    assert steps(home) == steps(later) == []
    assert "Nothing to show yet" in home.text()


async def test_checklist_is_dismissed_for_the_installation(
    host: Any, start: Start
) -> None:
    """By one for all, on every host, and put back; the trail has both."""
    second = await start("metering")
    admin = await reader(host)
    other = Reading(second.client, admin.headers)
    said = await admin.press("/ui/nxforge/checklist", "steps")
    gone = await other.see(HOME)
    page = await admin.see(PAGE)
    await admin.press(PAGE, "show-it-on-the-start-page")
    again = await other.see(HOME)
    rows = await host.running.security.audit.list(AuditFilter(action="setup"))

    assert "does not show the set-up any more" in said.json()["message"]
    assert steps(gone) == []
    assert "admin of a test said so" in words(page, "how-far-it-is")
    assert len(steps(again)) == 4
    assert [row.action for row in rows] == ["setup.reopen", "setup.dismiss"]


async def test_plugin_that_cannot_say_does_not_break_the_set_up(host: Any) -> None:
    """Its step is open and says where to look; the others are as they are."""
    await note(host, "odd")
    page = await (await reader(host)).see(PAGE)

    assert steps(page)[-1] == (False, "Add a meter")
    assert "metering could not say how far it is" in words(page, "steps")
    assert "unspeakable" not in page.html


async def test_host_without_a_plugin_asks_for_one(start: Start) -> None:
    """There is nothing it could do."""
    page = await (await reader(await start())).see(PAGE)

    assert steps(page)[-1] == (False, "A plugin")
    assert "nxforge plugins enable ID" in words(page, "steps")


async def test_programs_see_and_end_the_set_up(host: Any) -> None:
    """The route has the same steps; only administrators may ask."""
    headers = await host.bearer("admin")
    path = "/api/v1/setup"
    seen = (await host.client.get(path, headers=headers)).json()["data"]
    sent = {"shown": False}
    changed = await host.client.patch(path, json=sent, headers=headers)
    operator = await reader(host, "operator")

    assert seen["shown"]
    assert [each["done"] for each in seen["steps"]] == [False, True, False, False]
    assert not changed.json()["data"]["shown"]
    assert [await operator.status(each) for each in (path, PAGE)] == [403, 403]
    assert steps(await operator.see(HOME)) == []
