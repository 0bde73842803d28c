"""The system's Chromium, and a demo host to look at."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
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
    """A running demo: its data directory, in which more login links can be made."""
    folder = tmp_path_factory.mktemp("demo")
    command = Command(folder)
    process = subprocess.Popen(
        [NXFORGE, "demo", "--port", "0", "--data-dir", str(command.data)],
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
    made = Command(demo).run("tokens", "link", "visitor", "--role", "viewer")
    assert made.returncode == 0, made.stderr
    return (demo / "base").read_text() + made.stdout.strip()
