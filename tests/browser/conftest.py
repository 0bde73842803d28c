"""The system's Chromium, and a demo host to look at."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from distributions import Site
from gallery_site import add_gallery
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from processes import NXFORGE, Command

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
LINK = re.compile(r"(http://\S+)/login/(\S+)")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let pictures be made anew."""
    parser.addoption(
        "--renew", action="store_true", help="make the pictures of pages anew"
    )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; without one the tests are skipped, but never in CI."""
    program = shutil.which("chromium")
    if program is None:
        if os.environ.get("NXFORGE_REQUIRE_BROWSER"):
            pytest.fail("NXFORGE_REQUIRE_BROWSER is set and there is no chromium")
        pytest.skip("no chromium on this machine")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A running demo: its data directory, in which more login links can be made.

    The gallery runs beside, a plugin that shows every widget once.
    """
    folder = tmp_path_factory.mktemp("demo")
    command = Command(folder)
    site = Site(folder / "site")
    add_gallery(site)
    command.path = [str(site.folder)]
    process = subprocess.Popen(
        [
            *(NXFORGE, "demo", "--port", "0", "--data-dir", str(command.data)),
            *("--enable", "gallery"),
        ],
        env=command.environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        found = next(filter(None, map(LINK.search, process.stdout)))
        (folder / "base").write_text(found.group(1))
        yield folder
    finally:
        process.terminate()
        process.communicate(timeout=30)


@pytest.fixture
def link(demo: Path) -> str:
    """A link that logs in, once."""
    return _link(demo, "viewer")


def _link(demo: Path, role: str) -> str:
    made = Command(demo).run("tokens", "link", f"visitor-{role}", "--role", role)
    assert made.returncode == 0, made.stderr
    return (demo / "base").read_text() + made.stdout.strip()


@pytest.fixture(scope="session")
def session(demo: Path) -> dict[str, Any]:
    """An operator's session, as a browser keeps it: made once for all tests."""
    return _session(demo, "operator")


@pytest.fixture(scope="session")
def admin(demo: Path) -> dict[str, Any]:
    """An administrator's."""
    return _session(demo, "admin")


def _session(demo: Path, role: str) -> dict[str, Any]:
    answer = httpx.get(_link(demo, role))
    name, _, value = answer.headers["set-cookie"].partition(";")[0].partition("=")
    host = httpx.URL((demo / "base").read_text()).host
    cookie = {"name": name, "value": value, "domain": host, "path": "/"}
    return {"cookies": [cookie], "origins": []}


@pytest.fixture(scope="session")
def described(demo: Path, session: dict[str, Any]) -> None:
    """The host has made its OpenAPI document: a busy machine takes seconds for it."""
    [cookie] = session["cookies"]
    path = (demo / "base").read_text() + "/schema/openapi.json"
    answer = httpx.get(path, cookies={cookie["name"]: cookie["value"]}, timeout=60)
    assert answer.status_code == 200


class Looking:
    """One page of a browser, and everything it complained about."""

    def __init__(self, context: BrowserContext, page: Page, base: str) -> None:
        self.context = context
        self.page = page
        self.base = base
        self.complaints: list[str] = []
        self.listen(page)

    def listen(self, page: Page) -> None:
        """Gather what the page complains about."""
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def go(self, path: str) -> None:
        """Open a page of the host, and wait until it is live."""
        self.page.goto(self.base + path)
        if self.context.pages and self.page.evaluate("'customElements' in window"):
            self.page.wait_for_selector("#nx-state[data-state=live]")


Look = Callable[..., Any]


@pytest.fixture
def look(browser: Browser, demo: Path, session: dict[str, Any]) -> Look:
    """Open a browser as the operator; a context manager that answers a `Looking`."""

    @contextmanager
    def opened(**options: Any) -> Iterator[Looking]:
        size = {"width": 1200, "height": 800}
        given = {"viewport": size, "storage_state": session, **options}
        context = browser.new_context(**given)
        try:
            yield Looking(context, context.new_page(), (demo / "base").read_text())
        finally:
            context.close()

    return opened
