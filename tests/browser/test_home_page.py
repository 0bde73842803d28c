"""The start page in a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize

pytestmark = pytest.mark.timeout(90)

WIDE: ViewportSize = {"width": 1200, "height": 800}
NARROW: ViewportSize = {"width": 320, "height": 640}


def listen(page: Page) -> list[str]:
    """Gather everything the page complains about."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "requestfailed",
        # What a worker loads is told as failed, although it runs: the page sees nothing
        # of it any more.
        lambda request: "worker.js" in request.url or complaints.append(request.url),
    )
    return complaints


def test_link_logs_in_and_shows_live_values(browser: Browser, link: str) -> None:
    """The link opens once, a page of seven meters that stay fresh and say nothing."""
    context = browser.new_context(viewport=WIDE)
    page = context.new_page()
    complaints = listen(page)

    page.goto(link)
    page.wait_for_selector("#nx-state[data-state=live]")
    page.wait_for_selector("nx-chart[data-drawn]")
    page.wait_for_selector("#endpoints tbody tr:nth-child(7)")
    rows = page.locator("#endpoints tbody tr").count()
    shown = page.locator("#endpoints .nx-age time").get_attribute("datetime")
    page.wait_for_selector(f"#endpoints .nx-age time:not([datetime='{shown}'])")
    page.get_by_role("button", name="press to pause").click()
    paused = page.locator("[data-state=paused]").count()
    cookie = context.cookies()[0]
    context.close()
    second = browser.new_context()
    again = second.new_page().goto(link)
    status = again.status if again else None
    second.close()

    assert rows == 7
    assert paused == 1
    assert cookie["httpOnly"] is True
    assert cookie["sameSite"] == "Lax"
    assert complaints == []
    assert status == 401


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_start_page_has_no_accessibility_violation(
    look: Any, scheme: Any, size: ViewportSize
) -> None:
    """Axe finds nothing in light and dark, on a desk and at 320 pixels."""
    with look(viewport=size, color_scheme=scheme, bypass_csp=True) as looking:
        page = looking.page
        looking.go("/")
        page.wait_for_selector("#endpoints tbody tr")
        page.wait_for_selector("nx-chart[data-drawn]")
        found = Axe().run(page)
        overflow = page.evaluate("document.documentElement.scrollWidth > innerWidth")

    assert found.violations_count == 0, found.generate_report()
    assert overflow is False


def test_stranger_is_told_how_to_log_in(browser: Browser, link: str) -> None:
    """Without a session the start page is a page, not JSON, and shows no value."""
    base = link.rpartition("/login/")[0]
    context = browser.new_context(viewport=WIDE)
    page = context.new_page()

    answer = page.goto(f"{base}/")
    text = page.locator("main").inner_text()
    context.close()

    assert answer is not None
    assert answer.status == 401
    assert "nxforge tokens link" in text
    assert "kWh" not in text


def test_no_text_becomes_markup_or_code(browser: Browser, link: str) -> None:
    """Whatever gets hold of a page's script, text stays text and runs nothing."""
    context = browser.new_context(viewport=WIDE)
    page = context.new_page()
    page.goto(link)
    page.wait_for_selector("#endpoints tbody tr")

    tried = page.evaluate(
        """() => {
            const attempts = {
                markup: () => { document.body.innerHTML = "<img onerror=ran=1>"; },
                script: () => {
                    const made = document.createElement("script");
                    made.textContent = "ran = 1";
                    document.body.append(made);
                },
                handler: () => document.body.setAttribute("onclick", "ran = 1"),
                timer: () => setTimeout("ran = 1", 0),
                policy: () => trustedTypes.createPolicy("other", {}),
            };
            const outcome = {};
            for (const [name, attempt] of Object.entries(attempts)) {
                try { attempt(); outcome[name] = "done"; }
                catch (error) { outcome[name] = error.name; }
            }
            document.body.click();
            return outcome;
        }"""
    )
    ran = page.evaluate("'ran' in window")
    context.close()

    assert tried == dict.fromkeys(tried, "TypeError")
    assert len(tried) == 5
    assert ran is False


def test_person_is_let_in_by_the_form(browser: Browser, demo: Path) -> None:
    """What the form of a page sends is known to come from a page of ours."""
    base = (demo / "base").read_text()
    context = browser.new_context(viewport=WIDE)
    page = context.new_page()
    page.goto(f"{base}/login")
    page.locator("[name=name]").fill("nobody")
    page.locator("[name=password]").fill("not the password")

    page.locator("main button").click()
    text = page.locator("[role=alert]").inner_text()
    context.close()

    assert "password" in text
    assert "another site" not in text
