"""Networks changed on the page of settings, and the API tried, in a real browser."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.timeout(90), pytest.mark.usefixtures("described")]

ONE = "/ui/nxforge/operation?id="
ANSWER = ".nx-answer pre[aria-label='Body of the answer']"


def test_network_is_allowed_and_removed_after_a_question(look: Any, admin: Any) -> None:
    """Both ask first and say what is at stake; the list shows the change at once."""
    with look(storage_state=admin) as seen:
        page = seen.page
        seen.go("/ui/nxforge/settings")
        page.fill("#allow [name=entry]", "10.77.0.0/16")
        page.click("#allow button")
        question = page.inner_text(".nx-dialog p")
        page.click(".nx-dialog .danger")
        row = page.locator("#allowed-networks tr", has_text="10.77.0.0/16")
        row.locator("button").click()
        page.click(".nx-dialog .danger")
        row.wait_for(state="detached")

        assert "reaches all that answers there" in question
        assert seen.complaints == []


def test_search_leaves_the_sections_that_have_something(look: Any, admin: Any) -> None:
    """Without loading the page again, and the address says it."""
    with look(storage_state=admin) as seen:
        page = seen.page
        seen.go("/ui/nxforge/settings")
        page.fill("#all input[type=search]", "session")
        page.press("#all input[type=search]", "Enter")
        page.wait_for_selector("#all-server", state="detached")
        headings = page.locator("#all .nx-group .name").all_inner_texts()

        assert headings == ["People"]
        assert "all.q=session" in page.url
        assert seen.complaints == []


def test_operation_is_tried_as_the_reader(look: Any) -> None:
    """The answer is shown with its status and headers; no token is typed anywhere."""
    with look() as seen:
        page = seen.page
        seen.go(f"{ONE}get_me")
        page.click("#try button[type=submit]")
        page.locator(ANSWER, has_text="visitor-operator").wait_for()

        assert "200" in page.inner_text(".nx-answer .nx-pill")
        assert "x-request-id" in page.inner_text(".nx-answer")
        assert seen.complaints == []


def test_what_may_change_something_asks_first(look: Any) -> None:
    """Whoever says no has sent nothing; who says yes sees what came of it."""
    with look() as seen:
        page = seen.page
        sent: list[str] = []
        seen.go(f"{ONE}post_jobs_by_plugin_by_job_preview")
        page.on("request", lambda request: sent.append(request.url))
        page.fill("[name='path:plugin']", "consumption-monitor")
        page.fill("[name='path:job']", "collect-consumption")
        page.fill("[name=body]", '{"trigger": {"kind": "every", "seconds": 60}}')
        page.click("#try button[type=submit]")
        question = page.inner_text(".nx-dialog p")
        page.click(".nx-dialog button:not(.danger)")
        before = [url for url in sent if "/preview" in url]
        page.click("#try button[type=submit]")
        page.click(".nx-dialog .danger")
        page.locator(ANSWER, has_text="nextSlots").wait_for()
        after = [url for url in sent if "/preview" in url]

        assert question.startswith("Send POST /api/v1/jobs/consumption-monitor/")
        assert before == []
        assert len(after) == 1
        assert seen.complaints == []
