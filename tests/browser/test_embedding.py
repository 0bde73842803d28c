"""The embedding examples, each under a server of its own, in a real Chromium."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import httpx
import pytest
from playwright.sync_api import Browser, Page
from processes import ROOT, Command

UVICORN: Final = ["uvicorn", "--port", "0"]
#: Folder, then the server that is started in it.
EXAMPLES: Final = {
    "litestar": ("litestar", ["litestar", "--app", "shop:app", "run", "--port", "0"]),
    "forwarded": ("starlette", [*UVICORN, "forwarded:app"]),
    "plain": ("starlette", [*UVICORN, "plain:app"]),
    "fastapi": ("fastapi", [*UVICORN, "shop:app"]),
    "django": ("django", [*UVICORN, "asgi:application"]),
}
LISTENS: Final = re.compile(r"Uvicorn running on (http://\S+)")
SENT: Final = """celsius => fetch("/nxforge/api/v1/m/temperature-monitor/readings", {
  method: "POST", headers: {"content-type": "application/json"},
  body: JSON.stringify({sensor: "embedded", celsius})}).then(answer => answer.status)"""
OWN: Final = {"sec-fetch-site": "same-origin"}
DJANGO_USER: Final = """
import django; django.setup()
from django.core.management import call_command; call_command("migrate", verbosity=0)
from django.contrib.auth.models import User
User.objects.create_user("mona", password="correct horse", is_staff=True)
"""


class Outer:
    """An application that embeds the demo's host, as a further process of it."""

    def __init__(self, example: str, demo: Path, folder: Path) -> None:
        where, server = EXAMPLES[example]
        command = Command(demo)
        self.environment = command.environment() | {
            "NXFORGE_PLUGINS_ENABLE": "temperature-monitor",
            "NXFORGE_JOBS_WORKER": "false",
            "NXFORGE_JOBS_SCHEDULER": "false",
            "DJANGO_DATA": str(folder),
            "DJANGO_SETTINGS_MODULE": "project",
        }
        self.command = command
        self.folder = ROOT / "examples" / f"embedding-{where}"
        self.log = folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *server],
                cwd=self.folder,
                env=self.environment,
                stderr=log,
                stdout=log,
            )

    @property
    def base(self) -> str:
        """Where it listens, once it does."""
        end = time.monotonic() + 40
        while time.monotonic() < end and self.process.poll() is None:
            if found := LISTENS.search(self.log.read_text("utf-8")):
                return found.group(1)
            threading.Event().wait(0.05)
        pytest.fail(self.log.read_text("utf-8")[-3000:])

    def end(self) -> int:
        """Ask it to end; its exit code."""
        self.process.terminate()
        return self.process.wait(30)


@pytest.fixture(scope="module")
def outers(
    demo: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Outer]]:
    """All of them, started side by side."""
    made = {name: Outer(name, demo, tmp_path_factory.mktemp(name)) for name in EXAMPLES}
    try:
        yield made
    finally:
        for outer in made.values():
            outer.process.terminate()
        for outer in made.values():
            outer.process.wait(30)


def enter(example: str, outer: Outer, page: Page) -> None:
    """Log in as the people of the application do; else by a link of NxForge."""
    if example == "litestar":
        page.context.add_cookies(
            [{"name": "badge", "value": "owner", "url": outer.base}]
        )
    elif example == "django":
        script = [sys.executable, "-c", DJANGO_USER]
        subprocess.run(script, cwd=outer.folder, env=outer.environment, check=True)
        # No page of the outer application is opened: it has no icon, and says so.
        page.context.request.get(
            f"{outer.base}/login?name=mona&password=correct%20horse"
        )
    else:
        made = outer.command.run(
            "tokens", "link", f"of {example}", "--role", "operator"
        )
        page.goto(f"{outer.base}/nxforge{made.stdout.strip()}")


@pytest.mark.parametrize("example", EXAMPLES)
def test_interface_works_below_the_prefix(
    outers: dict[str, Outer], browser: Browser, example: str
) -> None:
    """Pages, styles, modules, streams and what a page sends: all below the mount."""
    outer, complaints = outers[example], list[str]()
    with closing(browser.new_context(base_url=outer.base)) as context:
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))

        enter(example, outer, page)
        page.goto("/nxforge/")
        page.wait_for_selector("#nx-state[data-state=live]")
        page.locator("a[href='/nxforge/ui/nxforge/jobs']").first.evaluate(
            "a => a.click()"
        )
        page.wait_for_url("**/nxforge/ui/nxforge/jobs")
        page.wait_for_selector("#nx-state[data-state=live]")
        sent = page.evaluate(SENT, 20.5)

    assert sent == 201
    assert complaints == []


def test_people_of_the_outer_application_are_known(outers: dict[str, Outer]) -> None:
    """What the shop says of a caller counts; another site's page cannot borrow it."""
    fastapi, litestar = outers["fastapi"], outers["litestar"]
    [key] = httpx.get(f"{fastapi.base}/keys").json()
    me = f"{fastapi.base}/nxforge/api/v1/me"
    robot = httpx.get(me, headers={"authorization": f"Bearer {key}"})
    stranger = httpx.get(me, headers={"authorization": "Bearer guessed"})
    readings = f"{litestar.base}/nxforge/api/v1/m/temperature-monitor/readings"
    cookie = {"cookie": "badge=owner"}
    data = {"sensor": "embedded", "celsius": 21}
    elsewhere = {**cookie, "origin": "http://evil.example"}
    borrowed = httpx.post(readings, json=data, headers=elsewhere)
    guest = httpx.post(readings, json=data, headers={"cookie": "badge=guest"} | OWN)

    assert robot.json()["data"]["name"] == "robot"
    assert (stranger.status_code, borrowed.status_code) == (401, 403)
    assert guest.status_code == 403


def test_library_runs_a_job_without_http(demo: Path) -> None:
    """The script starts a host, runs one job to its end, prints what it says."""
    environment = Command(demo).environment()
    environment["NXFORGE_PLUGINS_ENABLE"] = "temperature-monitor"
    script = [sys.executable, "report.py", "temperature-monitor", "cleanup-readings"]
    folder = ROOT / "examples" / "embedding-library"
    done = subprocess.run(
        script, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )

    assert (done.returncode, '"deleted":0' in done.stdout) == (0, True), done.stderr
