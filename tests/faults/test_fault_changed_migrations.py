"""F27: applied migrations that were edited or removed, a plugin that went back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hosts import Installation, until
from matrix import Fault
from postmaster import Postmaster
from strain import Ticker

EDITED = "-- Edited after it was applied.\ncreate table tock (id bigint);\n"
LATER = "alter table tick add column later text;\n"


@pytest.fixture
def ticker(tmp_path: Path) -> Ticker:
    """A plugin with two migrations."""
    made = Ticker(tmp_path)
    (made.package / "migrations/002_add_later.sql").write_text(LATER)
    return made


@pytest.fixture
def installation(tmp_path: Path, ticker: Ticker) -> Iterator[Installation]:
    """Hosts on a server of their own."""
    postmaster = Postmaster()
    postmaster.start()
    made = Installation(tmp_path / "hosts", postmaster)
    made.command.path = [str(ticker.site.folder)]
    made.configure("ticker")
    yield made
    made.stop()
    postmaster.remove()


@pytest.mark.fault("F27", "applied migration edited, removed", short=3, long=3, share=1)
def test_changed_history_quarantines_the_plugin_and_touches_no_data(
    fault: Fault, installation: Installation, ticker: Ticker
) -> None:
    """The message names the file and both hashes; put back, the plugin runs again."""
    folder = ticker.package / "migrations"
    first, second = folder / "001_create_tick.sql", folder / "002_add_later.sql"
    original = first.read_text()
    token = installation.command.token()
    host = installation.serve().ready()
    assert until(ticker.acknowledged, 15)
    installation.stop()
    rows = len(ticker.stored(installation))
    spoil = {
        first.name: (first.write_text, EDITED),
        second.name: (second.unlink,),
        f"{first.name} again": (first.unlink,),
    }
    running, vague, unhealed = 0, 0, 0
    for name, (change, *arguments) in list(spoil.items())[: fault.times]:
        fault.inject(change, *arguments)
        found = _listed(installation, token)
        reason = found["reason"] or {}
        fault.landed(reason.get("phase") == "migrate")
        running += found["state"] != "quarantined"
        words = str(reason.get("message"))
        vague += name.partition(" ")[0].removesuffix(".sql") not in words
        if arguments:
            vague += any(_hash(text) not in words for text in (original, EDITED))
        first.write_text(original)
        second.write_text(LATER)
    if fault.removed:
        running = vague = 0
    unhealed += _listed(installation, token)["state"] != "running"
    assert not host.alive
    fault.figure("plugins that ran all the same", running, limit=0)
    fault.figure("reasons without file and hashes", vague, limit=0)
    fault.figure("rows lost", rows - len(set(ticker.stored(installation))), limit=0)
    fault.figure("plugins not running once all is back", unhealed, limit=0)


def _listed(installation: Installation, token: str) -> dict[str, Any]:
    """Start a host, ask it for the plugin, stop it."""
    host = installation.serve().ready()
    with installation.client(host, token) as client:
        found = client.get("/api/v1/plugins/ticker").json()["data"]
    assert installation.stop() == [0]
    return dict(found)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
