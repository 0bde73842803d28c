"""When Chromium starts and ends, what survives whom, and what is left: nothing."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pages import (
    Site,
    browser_options,
    found,
    make_browser,
    require_browser,
    users_of,
)

from nxforge_core.api import BrowserError, BrowserMissingError, BrowserRequest, Wait
from nxforge_core.security import NetworkPolicy
from nxforge_core.services.browser import (
    BrowserOptions,
    PooledBrowser,
    sweep_profiles,
)
from nxforge_core.services.browser._errors import BrowserClosedError

pytestmark = pytest.mark.timeout(60)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """One page."""
    made = Site()
    made.pages["/"] = "12 kWh"
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def browser(tmp_path: Path) -> AsyncIterator[PooledBrowser]:
    """One of the test's own."""
    require_browser()
    made = make_browser(tmp_path)
    yield made
    await made.close()
    assert found(tmp_path) == []
    assert users_of(tmp_path) == []


async def test_chromium_starts_late_and_ends_early(tmp_path: Path, site: Site) -> None:
    """Nothing runs before the first visit, nor a moment after the last."""
    require_browser()
    browser = make_browser(tmp_path, idle=0.2)
    assert browser.pids == ()

    await browser.fetch(BrowserRequest(url=site.url()))
    assert len(browser.pids) == 2
    async with asyncio.timeout(10):
        while browser.pids or users_of(tmp_path) or found(tmp_path):  # noqa: ASYNC110 - other processes tell nobody
            await asyncio.sleep(0.05)

    read = await browser.fetch(BrowserRequest(url=site.url()))
    assert "12 kWh" in read.html
    await browser.close()
    assert users_of(tmp_path) == []
    with pytest.raises(BrowserClosedError):
        await browser.fetch(BrowserRequest(url=site.url()))


async def test_a_killed_chromium_is_started_again(
    browser: PooledBrowser, site: Site
) -> None:
    """A visit that it took along is made once more, on another one."""
    await browser.fetch(BrowserRequest(url=site.url()))
    before = browser.pids
    visit = asyncio.create_task(  # noqa: TID251 - joined below
        browser.fetch(BrowserRequest(url=site.url(), steps=(Wait(ms=700),)))
    )
    await asyncio.sleep(0.3)

    os.kill(before[1], signal.SIGKILL)

    assert "12 kWh" in (await visit).html
    assert not set(browser.pids) & set(before)


async def test_a_stopped_driver_ends_at_the_deadline(
    browser: PooledBrowser, site: Site
) -> None:
    """The whole of it is ended, and the next visit has a new one."""
    await browser.fetch(BrowserRequest(url=site.url()))
    before = browser.pids

    os.kill(before[0], signal.SIGSTOP)
    with pytest.raises(BrowserError, match="no answer within 2 s") as caught:
        await browser.fetch(BrowserRequest(url=site.url(), timeout=2))

    assert caught.value.reason == "timeout"
    read = await browser.fetch(BrowserRequest(url=site.url()))
    assert "12 kWh" in read.html
    assert not set(browser.pids) & set(before)


async def test_a_cancelled_visit_frees_its_page(
    browser: PooledBrowser, site: Site
) -> None:
    """Eight that nobody waits for any more leave room for the next."""
    site.pages["/silent"] = None
    for _ in range(8):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3 if browser.pids else 5):
                await browser.fetch(BrowserRequest(url=site.url("/silent")))

    read = await browser.fetch(BrowserRequest(url=site.url(), timeout=10))

    assert "12 kWh" in read.html


async def test_a_document_is_printed_without_a_network(
    browser: PooledBrowser, site: Site
) -> None:
    """The answer is a PDF; neither pictures nor scripts of the document reach out."""
    html = (
        f"<h1>Report</h1><img src='{site.url('/img')}'>"
        f"<script>fetch('{site.url('/script')}')</script>"
    )

    pdf = await browser.pdf(html)

    assert pdf.startswith(b"%PDF-")
    assert pdf.rstrip().endswith(b"%%EOF")
    assert site.heads == []


async def test_a_document_that_takes_too_long_is_given_up(
    browser: PooledBrowser,
) -> None:
    """The error says so, whoever notices first, and the next one is printed."""
    long = "<p>" + "x <b>y</b> " * 200_000

    await browser.pdf("short")

    with pytest.raises(BrowserError) as refused:
        await browser.pdf(long, timeout=2)

    assert refused.value.reason == "timeout"
    assert (await browser.pdf("short")).startswith(b"%PDF-")


async def test_what_dead_hosts_left_is_swept(
    browser: PooledBrowser, site: Site, tmp_path: Path
) -> None:
    """A folder whose process lives is left alone."""
    await browser.fetch(BrowserRequest(url=site.url()))
    (tmp_path / "run-old" / "profile").mkdir(parents=True)

    assert sweep_profiles(tmp_path) == 1
    assert sweep_profiles(tmp_path / "none") == 0

    assert len(found(tmp_path)) == 1
    assert "12 kWh" in (await browser.fetch(BrowserRequest(url=site.url()))).html


async def test_a_program_that_is_no_chromium_is_said(tmp_path: Path) -> None:
    """Its last words are in the message."""
    require_browser()
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\necho 'no usable sandbox' >&2\nexit 3\n")
    program.chmod(0o755)
    options = browser_options(tmp_path / "runs")
    broken = BrowserOptions(
        folder=options.folder, executable=program, no_sandbox=options.no_sandbox
    )
    browser = PooledBrowser(NetworkPolicy.parse([]), broken)

    with pytest.raises(BrowserMissingError, match="no usable sandbox"):
        await browser.pdf("x")
    assert browser.missing() is None

    await browser.close()
    assert found(options.folder) == []
