"""Open pages and a host that comes and goes: a stream for all tabs, no word lost."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from cable import cable
from distributions import Site
from gallery_site import add_gallery
from hosts import until
from playwright.sync_api import Browser, BrowserContext, Page
from processes import Command, Server

pytestmark = pytest.mark.timeout(120)

PAGE = "/ui/gallery/all"
LIVE = "#nx-state[data-state=live]"
LOST = "#nx-banner[data-state=lost]"
TICKS = "#now [data-key=Ticks] .value"


class Kept:
    """A host with the gallery that is started again on the same port.

    Attributes:
        server: The process, while there is one.
        token: Of an administrator's program.
    """

    def __init__(self, folder: Path) -> None:
        self.command = Command(folder)
        site = Site(folder / "site")
        add_gallery(site)
        self.command.path = [str(site.folder)]
        self.command.config.write_text('[plugins]\nenable = ["gallery"]\n')
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.server = self.start()
        self.token = self.command.token()

    def start(self) -> Server:
        """Start it; the port is the one it always has."""
        self.server = Server(self.command, "--port", str(self.port))
        return self.server

    def streams(self) -> float:
        """How many streams for pages the host has open."""
        with self.server.client(self.token) as client:
            text = client.get("/metrics").text
        line = next(x for x in text.splitlines() if 'streams_open{use="pages"}' in x)
        return float(line.rpartition(" ")[2])

    def session(self, base: str) -> Any:
        """A reader's session at an address, as a browser keeps it."""
        made = self.command.run("tokens", "link", "reader", "--role", "operator")
        answer = httpx.get(base + made.stdout.strip())
        name, _, value = answer.headers["set-cookie"].partition(";")[0].partition("=")
        cookie = {"name": name, "value": value, "domain": "127.0.0.1", "path": "/"}
        return {"cookies": [cookie], "origins": []}


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """Such a host, at work."""
    kept = Kept(tmp_path_factory.mktemp("kept"))
    yield kept
    kept.server.stop()


@contextmanager
def reading(browser: Browser, host: Kept, base: str) -> Iterator[BrowserContext]:
    """A reader's browser."""
    context = browser.new_context(storage_state=host.session(base))
    try:
        yield context
    finally:
        context.close()


def newer(page: Page) -> str:
    """Wait until the card that follows events has changed; answers what it shows."""
    shown = page.locator(TICKS).inner_text()
    page.wait_for_selector(f"{TICKS}:not(:text-is('{shown}'))")
    return page.locator(TICKS).inner_text()


def test_ten_tabs_are_one_stream_on_the_host(browser: Browser, host: Kept) -> None:
    """A browser has six connections to a host: ten tabs take one, closed ones none."""
    base = host.server.base
    with reading(browser, host, base) as context:
        tabs = [context.new_page() for _ in range(10)]
        for tab in tabs:
            tab.goto(f"{base}/ui/gallery/thing", wait_until="domcontentloaded")
        for tab in tabs:
            tab.wait_for_selector(LIVE)
        open_with_ten = until(lambda: host.streams() == 1, 5) and host.streams()
        for tab in tabs[:9]:
            tab.close()
        last = tabs[9].locator(LIVE).count()
        open_with_one = host.streams()
    left = until(lambda: host.streams() == 0, 5)

    assert (open_with_ten, last, open_with_one, left) == (1, 1, 1, True)


def test_pages_outlive_a_restart_of_the_host(browser: Browser, host: Kept) -> None:
    """SIGTERM ends the host at once, streams or not; pages wait and go on as they are.

    What somebody is typing stays.
    """
    base = host.server.base
    with reading(browser, host, base) as context:
        page, other = context.new_page(), context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        other.goto(f"{base}/ui/gallery/thing")
        page.goto(base + PAGE)
        page.wait_for_selector(LIVE)
        newer(page)
        page.evaluate("window.kept = true")
        page.locator("#endpoint-name").fill("half a na")
        code = host.server.stop()
        page.wait_for_selector(LOST)
        other.wait_for_selector(LOST)
        host.start()
        page.wait_for_selector(LIVE)
        other.wait_for_selector(LIVE)
        after = newer(page)
        banners = page.locator("#nx-banner").count()
        typed = page.locator("#endpoint-name").input_value()
        kept = page.evaluate("window.kept")
    told = [each for each in complaints if "ERR_" not in each and "gallery" not in each]

    assert code == 0
    assert (banners, typed, kept, bool(after)) == (0, "half a na", True, True)
    assert told == []


def test_lost_line_is_said_and_mended(browser: Browser, host: Kept) -> None:
    """A page says that what it shows is older, and goes on by itself afterwards."""
    with cable(host.port) as line, reading(browser, host, line.base) as context:
        page = context.new_page()
        page.goto(line.base + PAGE)
        page.wait_for_selector(LIVE)
        before = newer(page)
        line.cut()
        page.wait_for_selector(LOST)
        words = page.locator("#nx-banner").inner_text()
        shown = page.locator(TICKS).inner_text()
        page.locator("#clear button").click()
        page.locator("dialog .danger").click()
        told = page.locator(".nx-toast").first.inner_text()
        line.mend()
        page.wait_for_selector(LIVE)
        after = newer(page)

    assert "older" in words
    assert int(before) <= int(shown) < int(after)
    assert "try again" in told


@pytest.mark.long
def test_line_that_says_nothing_is_noticed(browser: Browser, host: Kept) -> None:
    """No end of a connection came, only silence: after 40 seconds it is a lost one."""
    with cable(host.port) as line, reading(browser, host, line.base) as context:
        page = context.new_page()
        page.goto(line.base + PAGE)
        page.wait_for_selector(LIVE)
        line.hold()
        page.wait_for_selector(LOST, timeout=60_000)
        line.let_go()
        page.wait_for_selector(LIVE)
        fresh = newer(page)

    assert fresh
