"""The first hour of an installation: no password anywhere, and then somebody's own."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable

import httpx
import pytest
from processes import Command, Server

pytestmark = pytest.mark.timeout(120)

LINK = re.compile(r"within an hour: (http://\S+/setup/\S+)")
PASSWORD = "seven green lamps"  # noqa: S105 - of a test


def test_link_on_the_console_makes_the_first_administrator(
    command: Command, serve: Callable[..., Server]
) -> None:
    """Whoever sees the console begins; the next start prints no link any more."""
    first = serve()
    link = _link(first)
    home = link.partition("/setup/")[0]
    with httpx.Client(headers={"origin": home}, trust_env=False) as browser:
        denied = browser.get(f"{home}/api/v1/users")
        form = browser.get(link)
        entered = browser.post(link, data={"name": "ada", "password": PASSWORD})
        again = browser.post(link, data={"name": "eve", "password": PASSWORD})
        body = {"name": "bob", "role": "operator"}
        made = browser.post(f"{home}/api/v1/users", json=body)
        whole = command.run("audit", "verify")
        first.stop()
        second = serve()
        session = browser.get(f"{second.base}/api/v1/me")

    assert denied.status_code == 401
    assert "First administrator" in form.text
    assert (entered.status_code, again.status_code) == (303, 401)
    assert made.json()["data"]["role"] == "operator"
    assert "3 rows, whole" in whole.stdout
    assert "/setup/" not in "".join(second.log)
    assert session.json()["data"]["name"] == "ada"


def _link(server: Server) -> str:
    """What the console says a moment after it listens."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if found := LINK.search("".join(server.log)):
            return found[1]
        threading.Event().wait(0.05)
    pytest.fail("no link:\n" + "".join(server.log))
