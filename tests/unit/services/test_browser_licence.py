"""Who may use the browser, and what is said where there is none."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from nxforge_core.api import BrowserRequest, CapabilityMissingError, Manifest
from nxforge_core.services import licensed_browser
from nxforge_core.services.browser._errors import (
    ChromiumMissingError,
    NoProgramError,
    RootSandboxError,
)
from nxforge_core.services.browser._find import find_browser
from nxforge_core.services.browser._options import BrowserOptions


def manifest(*capabilities: Any) -> Manifest:
    """Of a plugin that uses these."""
    return Manifest(
        id="meter-probe",
        display_name="Probe",
        description="Probes.",
        core=">=0.1",
        capabilities=capabilities,
    )


async def test_a_plugin_without_the_capability_is_refused() -> None:
    """Each call says what to add to the manifest."""
    unused: Any = None
    browser = licensed_browser(unused, "meter-probe", manifest("network"))

    with pytest.raises(CapabilityMissingError, match="'meter-probe'") as caught:
        await browser.fetch(BrowserRequest(url="http://meter.test/"))
    with pytest.raises(CapabilityMissingError):
        await browser.pdf("x")

    assert "manifest.json" in caught.value.remedy
    assert "capability 'browser'" in str(browser.missing())


def test_a_plugin_with_the_capability_gets_the_browser() -> None:
    """The very one."""
    browser: Any = object()

    assert licensed_browser(browser, "meter-probe", manifest("browser")) is browser


def test_a_missing_chromium_names_the_package() -> None:
    """It says what was looked for and what to install."""
    error = ChromiumMissingError(["chromium", "google-chrome"])

    assert "none of chromium, google-chrome is on the PATH" in error.message
    assert "apt-get install chromium" in error.remedy


@pytest.mark.parametrize("name", ["none", "."])
def test_a_setting_that_names_no_program_is_said(tmp_path: Path, name: str) -> None:
    """A folder is none, nor is what does not exist."""
    pytest.importorskip("pyppeteer")
    options = BrowserOptions(folder=tmp_path, executable=tmp_path / name)

    with pytest.raises(NoProgramError, match=r"browser\.executable"):
        find_browser(options)


def test_root_needs_the_setting(tmp_path: Path) -> None:
    """Chromium's sandbox is not given up silently."""
    pytest.importorskip("pyppeteer")
    program = tmp_path / "chromium"
    program.touch(0o755)
    options = BrowserOptions(folder=tmp_path, executable=program)

    if os.geteuid() == 0:
        with pytest.raises(RootSandboxError):
            find_browser(options)
    else:
        assert find_browser(options) == program
