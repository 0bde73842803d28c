"""What the host is told, over HTTP and on its page, and networks changed there."""

from __future__ import annotations

import tomllib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from reading import Reading, words

from nxforge_core.host import NxForge
from nxforge_core.settings import load_settings

Start = Callable[..., Awaitable[Any]]

PAGE = "/ui/nxforge/settings"
NOWHERE = Path("/nowhere/nxforge.toml")
LOOSE = """
[server]
stranger_rate = 0
[log]
access = false
[jobs]
worker = false
scheduler = false
[network]
allow = ["10.9.0.0/16"]
"""


def rewrite(file: Path, text: str) -> None:
    """Change the settings file."""
    file.write_text(text)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The settings file of the host."""
    path = tmp_path / "nxforge.toml"
    path.write_text(LOOSE)
    return path


@pytest.fixture
async def admin(
    database: Any, tmp_path: Path, file: Path, site: Any, url_of: Any, speak: Any
) -> AsyncIterator[Reading]:
    """An administrator of a host that was started as the command starts it."""
    environ = {"NXFORGE_DATABASE_URL": url_of(database), "HOME": str(tmp_path)}
    loaded = load_settings(file=file, environ=environ, system_file=NOWHERE)
    async with NxForge(loaded, distributions=site.distributions()) as app:
        running = await app.start()
        token = await running.security.tokens.create("admin of a test", "admin")
        async with speak(app) as client:
            yield Reading(client, {"authorization": f"Bearer {token.text}"})


async def test_every_setting_says_where_it_is_from(admin: Reading, file: Path) -> None:
    """File, variable or default, with the way to change it; no secret is shown."""
    page = await admin.see(PAGE)
    cells = {
        row.attributes.get("data-key") or row.css_first("code").text(): " ".join(
            row.text(separator=" ").split()
        )
        for row in page.css("#all tbody tr:not(.nx-group)")
    }

    assert f"change it there: {file}" in cells["server.stranger_rate"]
    assert "change the variable NXFORGE_DATABASE_URL" in cells["database.url"]
    assert "***" in cells["database.url"]
    assert cells["server.port"].endswith("8080 ○ default")
    assert len(cells) == len((await answered(admin, "/api/v1/settings"))["data"])
    assert page.css_first("#all-people") is not None


async def answered(reader: Reading, path: str) -> Any:
    """What a route answers."""
    answer = await reader.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_change_of_the_file_is_told_before_the_restart(
    admin: Reading, file: Path
) -> None:
    """What the next start will find, and that it would fail."""
    rewrite(file, LOOSE.replace("10.9.0.0/16", "10.8.0.0/16"))
    changed = await admin.see(PAGE)
    rewrite(file, "[server]\nprot = 1\n")
    broken = await answered(admin, "/api/v1/settings")
    page = await admin.see(PAGE)

    assert "Changed since the host was started: network.allow." in words(changed, "now")
    assert 'After a restart: ["10.8.0.0/16"]' in words(changed, "all")
    assert broken["problem"] == f"server.prot ({file}) is no setting"
    assert "The host could not start again: server.prot" in words(page, "now")


async def test_export_has_what_was_given_and_no_secret(admin: Reading) -> None:
    """A file, for the next machine."""
    answer = await admin.get("/api/v1/settings/nxforge.toml")
    found = tomllib.loads(answer.text)

    assert answer.headers["content-type"] == "application/toml"
    assert 'filename="nxforge.toml"' in answer.headers["content-disposition"]
    assert found["network"] == {"allow": ["10.9.0.0/16"]}
    assert found["log"] == {"access": False}
    assert "postgresql" not in answer.text


async def test_network_is_allowed_tried_and_removed_on_the_page(
    admin: Reading,
) -> None:
    """It counts at once; one of the settings has no button."""
    entry = {"entry": "10.20.0.7/16", "note": "hall 1"}
    wrong = await admin.press(PAGE, "allow", **entry)
    right = await admin.press(PAGE, "allow", **{**entry, "entry": "10.20.0.0/16"})
    tried = await admin.press(PAGE, "try", address="10.20.0.7", port="80")
    refused = await admin.press(PAGE, "try", address="10.30.0.7", port="80")
    page = await admin.see(PAGE)
    buttons = page.css("#allowed-networks button[name=nx-one]")
    gone = await admin.press(
        PAGE, "allowed-networks", **{"nx-one": str(buttons[0].attributes["value"])}
    )
    after = await admin.see(PAGE)

    assert "10.20.0.0/16" in wrong.json()["fields"].get("entry", wrong.text)
    assert right.json()["message"] == "The host may fetch from 10.20.0.0/16 now."
    assert tried.json()["message"] == "10.20.0.7, port 80: allowed."
    assert "10.30.0.7, port 80: refused" in refused.json()["message"]
    assert len(buttons) == 1
    assert "hall 1" in words(page, "allowed-networks")
    assert gone.status_code == 200
    assert "hall 1" not in words(after, "allowed-networks")


async def test_allowing_asks_first_without_a_script(admin: Reading) -> None:
    """What is at stake is said before anything is opened."""
    sent = {"nx-widget": "allow", "entry": "10.20.0.0/16", "note": ""}
    answer = await admin.post(PAGE, sent)
    page = await admin.see(PAGE)

    assert "reaches all that answers there" in answer.text
    assert "10.20.0.0/16" not in words(page, "allowed-networks")


async def test_room_of_the_data_is_told(admin: Reading) -> None:
    """Runs, trail, rest; of a host that began today no pace is made up."""
    found = await answered(admin, "/api/v1/storage")
    page = await admin.see(PAGE)

    assert {each["what"] for each in found["data"]} == {"runs", "audit", "rest"}
    assert all(each["size"] > 0 and each["daily"] is None for each in found["data"])
    assert "Audit trail for ever" in words(page, "kept")


async def test_settings_are_for_administrators(start: Start) -> None:
    """An operator sees neither page nor route."""
    host = await start()
    operator = Reading(host.client, await host.bearer("operator"))
    paths = (PAGE, "/api/v1/settings", "/api/v1/settings/nxforge.toml")

    assert [await operator.status(path) for path in paths] == [403, 403, 403]
