"""Text from devices and people that wants to run: what a real browser makes of it."""

from __future__ import annotations

import html
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import httpx
import pytest
from hostile import MARKUP as HOSTILE
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Request
from processes import Command, Pages

pytestmark = pytest.mark.timeout(120)

MONITOR: Final = "/api/v1/m/consumption-monitor"


class Watched:
    """A browser context and whatever in it was more than text.

    Attributes:
        ran: Dialogs, requests of scripts, violations of the policy, complaints.
    """

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.context = context
        self.base = base
        self.ran: list[str] = []
        context.on("dialog", self._on_dialog)
        context.on("request", self._on_request)
        context.on("console", lambda message: self.ran.append(message.text))
        context.on("weberror", lambda error: self.ran.append(str(error.error)))
        context.expose_binding("violated", lambda _, what: self.ran.append(what))
        context.add_init_script(
            "addEventListener('securitypolicyviolation', event => "
            "violated(`${event.violatedDirective} ${event.sample}`))"
        )

    def open(self, path: str) -> Page:
        """A page of the host, in a tab of its own."""
        page = self.context.new_page()
        page.goto(self.base + path)
        return page

    def _on_dialog(self, dialog: Dialog) -> None:
        self.ran.append(dialog.message)
        dialog.dismiss()

    def _on_request(self, request: Request) -> None:
        foreign = not request.url.startswith(self.base)
        if (foreign and request.url != "about:blank") or "/ran" in request.url:
            self.ran.append(request.url)


@pytest.fixture(scope="module")
def session(browser: Browser, demo: Path) -> Any:
    """The cookie of somebody who may see everything."""
    made = Command(demo).run("tokens", "link", "visitor", "--role", "admin")
    context = browser.new_context()
    context.new_page().goto((demo / "base").read_text() + made.stdout.strip())
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def watched(browser: Browser, demo: Path, session: Any) -> Iterator[Watched]:
    """Somebody who is logged in and looks around."""
    context = browser.new_context(storage_state=session)
    yield Watched(context, (demo / "base").read_text())
    context.close()


@pytest.fixture(scope="module")
def client(demo: Path) -> Iterator[httpx.Client]:
    """An administrator's program."""
    name = f"hostile-{secrets.token_hex(4)}"
    made = Command(demo).run("tokens", "create", name, "--role", "admin")
    headers = {"authorization": f"Bearer {made.stdout.strip()}"}
    base = (demo / "base").read_text()
    with httpx.Client(
        base_url=base, headers=headers, timeout=30, trust_env=False
    ) as client:
        yield client


@contextmanager
def device() -> Iterator[Pages]:
    """A meter that shows one of these texts instead of a number, each on a page."""
    made = Pages()
    for number, text in enumerate(HOSTILE):
        body = f"<b id=x>{html.escape(text)}</b>".encode()
        made.pages[f"/{number}"] = (200, "text/html; charset=utf-8", body)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture(scope="module")
def endpoints(demo: Path, client: httpx.Client) -> Iterator[dict[str, str]]:
    """Endpoints with such names and places, and a device that answers with them.

    Ids by name. The device is allowed while the demo runs, and not any more after.
    """
    steps = [{"step": "css", "selector": "#x"}, {"step": "number", "format": "dot"}]
    rules = [{"quantity": "energy", "steps": steps}]
    with device() as meter:
        allowed = Command(demo).run("network", "allow", meter.address, "--note", "x")
        assert allowed.returncode == 0, allowed.stderr
        bodies = [
            {
                "name": text,
                "location": text,
                "clientName": text,
                "vendor": text,
                "url": f"http://{meter.address}/{number}",
                "intervalS": 5,
                "rules": rules,
            }
            for number, text in enumerate(HOSTILE)
        ]
        made = client.post(f"{MONITOR}/endpoints/bulk", json=bodies).json()["data"]
        assert made["created"] == len(HOSTILE), made
        listed = client.get(f"{MONITOR}/endpoints", params={"limit": 1000}).json()
        ids = {one["name"]: one["id"] for one in listed["data"]}
        yield {text: ids[text] for text in HOSTILE}
        for text in HOSTILE:
            client.delete(f"{MONITOR}/endpoints/{ids[text]}")
        Command(demo).run("network", "remove", meter.address)


def failed(client: httpx.Client) -> list[dict[str, Any]]:
    """Wait until every one of them was polled, and failed as it should."""
    end = time.monotonic() + 40
    while time.monotonic() < end:
        live = client.get(f"{MONITOR}/live").json()["data"]["endpoints"]
        bad = [one for one in live if one["name"] in HOSTILE and one["error"]]
        if len(bad) == len(HOSTILE):
            return bad
        time.sleep(0.5)  # noqa: TID251 - another process polls
    pytest.fail(f"{len(bad)} of {len(HOSTILE)} were polled")


def test_watch_notices_what_runs(browser: Browser, watched: Watched) -> None:
    """On a page that trusts these texts most of them run: the list is worth it."""
    page = browser.new_context().new_page()
    loose = Watched(page.context, watched.base)
    ran = 0
    for text in HOSTILE:
        loose.ran.clear()
        page.set_content(f"<p title='{text}'>{text}</p>")
        page.wait_for_timeout(20)
        ran += bool(loose.ran)
    page.context.close()

    assert ran >= 20


@pytest.mark.usefixtures("endpoints")
def test_hostile_texts_stay_texts_on_pages(
    watched: Watched, client: httpx.Client
) -> None:
    """As name, place and error, as they come over the stream and from the server."""
    page = watched.open("/")
    page.wait_for_selector("#endpoints tbody tr")
    errors = {one["name"]: one["error"] for one in failed(client)}
    page.get_by_text(HOSTILE[0], exact=False).first.wait_for()
    streamed = page.locator("body").inner_text()
    page.reload()
    page.wait_for_selector("#endpoints tbody tr")
    made = page.locator("main script, main iframe, main object, main embed").count()

    assert HOSTILE[0] in errors[HOSTILE[0]]
    assert HOSTILE[0] in streamed
    assert made == 0
    assert watched.ran == []


def test_every_page_of_the_menu_shows_texts(
    watched: Watched, endpoints: dict[str, str]
) -> None:
    """Whatever a page is for, and the page of one endpoint."""
    page = watched.open("/")
    links = page.locator("nav a[href*='/ui/consumption-monitor/']")
    paths = {link.get_attribute("href") or "" for link in links.all()}
    for path in sorted(paths):
        page.goto(watched.base + path)
        page.wait_for_timeout(300)  # what scripts make of it
    for text in HOSTILE[::8]:
        query = f"id={endpoints[text]}"
        page.goto(f"{watched.base}/ui/consumption-monitor/endpoint?{query}")

    assert len(paths) > 3
    assert watched.ran == []


def test_answers_that_are_opened_stay_texts(
    watched: Watched, client: httpx.Client, endpoints: dict[str, str]
) -> None:
    """Data, reports to print, and the runs' logs, each as a page of its own."""
    run = client.get("/api/v1/runs", params={"limit": 1}).json()["data"][0]["id"]
    month = f"{datetime.now(UTC):%Y-%m}"
    page = watched.open(f"{MONITOR}/live")
    for path in (
        f"{MONITOR}/endpoints?limit=1000",
        f"/api/v1/runs/{run}/logs",
        "/api/v1/audit",
    ):
        page.goto(watched.base + path)
    for text in HOSTILE[::4]:
        page.goto(
            f"{watched.base}{MONITOR}/monthly/{endpoints[text]}.html?month={month}"
        )
        assert " ".join(text.split()) in " ".join(page.inner_text("h1").split())

    assert watched.ran == []


def test_addresses_stay_texts(watched: Watched) -> None:
    """What somebody is led to: paths and queries that the host does not know."""
    page = watched.context.new_page()
    hidden = [quote(text, safe="") for text in HOSTILE]
    for part in range(0, len(hidden), 14):
        some = hidden[part : part + 14]
        query = "&".join(f"{one}={one}&endpoints.search={one}" for one in some)
        page.goto(f"{watched.base}/?{query}#{some[0]}")
    for one in hidden:
        page.goto(f"{watched.base}/{one}?q={one}#{one}")
    # A page that is not there is one line on the console, and nothing else is.
    missing = "the server responded with a status of 404"

    assert [one for one in watched.ran if missing not in one] == []
