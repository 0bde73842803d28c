"""Endpoints that are read in a browser, with a pretended one and a real one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from pages import Site, make_browser, require_browser

from nxforge_consumption_monitor import routes
from nxforge_consumption_monitor.health import browser_health
from nxforge_consumption_monitor.models import (
    AuthBody,
    EndpointChange,
    RemovedEndpointView,
    TrialBody,
)
from nxforge_consumption_monitor.models._endpoint import Expect
from nxforge_consumption_monitor.trying import Trier
from nxforge_core.api import (
    BrowserError,
    BrowserMissingError,
    BrowserPage,
    BrowserRequest,
    Click,
    InvalidInputError,
    Type,
    UnknownItemError,
)

_SECRET = "korrekt-horse-47"  # noqa: S105  # of this test only
_ANNA: Any = SimpleNamespace(user=SimpleNamespace(name="anna"))
_LOGIN = AuthBody(type="form", username="reader", secret=_SECRET)
_PNG = b"\x89PNG picture"
_CSS = [
    {
        "quantity": "energy",
        "steps": [
            {"step": "css", "selector": "#kwh"},
            {"step": "number"},
            {"step": "unit"},
        ],
    }
]
_STEPS: list[dict[str, object]] = [
    {"action": "type", "selector": "#user", "text": "{username}"},
    {"action": "type", "selector": "#pass", "text": "{secret}"},
    {"action": "click", "selector": "#go"},
    {"action": "wait", "selector": "#kwh"},
]


class PretendedBrowser:
    """Answers what the test says."""

    def __init__(self) -> None:
        self.requests: list[BrowserRequest] = []
        self.html = "<b id=kwh>12.5 kWh</b>"
        self.status = 200
        self.error: Exception | None = None
        self.lack: BrowserMissingError | None = None

    def missing(self) -> BrowserMissingError | None:
        """What stands in the way."""
        return self.lack

    async def fetch(self, request: BrowserRequest) -> BrowserPage:
        """The page, or the error."""
        self.requests.append(request)
        if self.error or self.lack:
            raise self.error or self.lack or AssertionError
        return BrowserPage(
            html=f"<!DOCTYPE html>{self.html}",
            url=request.url,
            status=self.status,
            content_type="text/html",
            timings={"total": 0.1},
        )

    async def pdf(self, html: str, *, timeout: float = 30.0) -> bytes:  # noqa: ASYNC109 - the port's
        """Not asked here."""
        raise AssertionError(html, timeout)


@pytest.fixture
def browser(monitor: Any) -> PretendedBrowser:
    """The monitor's."""
    made: PretendedBrowser = PretendedBrowser()
    monitor.browser = made
    return made


async def add(monitor: Any, **members: Any) -> Any:
    """An endpoint that is read in a browser."""
    known: dict[str, Any] = {"client": "browser", "rules": _CSS}
    return await monitor.add("a", **known | members)


async def outcome(monitor: Any, endpoint: Any) -> tuple[str | None, str | None]:
    """Of the latest poll."""
    view = await routes.get_endpoint(monitor.ctx, endpoint.id)
    return view.last_outcome, view.last_error


async def test_a_page_in_the_browser_is_read_as_any_other(
    monitor: Any, browser: PretendedBrowser
) -> None:
    """The same rules, the same reading; nothing is asked by HTTP beside it."""
    endpoint = await add(monitor)

    await monitor.round()

    assert await outcome(monitor, endpoint) == ("ok", None)
    kwh = await monitor.pool.fetchval("select register_kwh from reading")
    assert str(kwh.normalize()) == "12.5"
    assert monitor.http.requests == []
    assert browser.requests[0].timeout == 30


async def test_steps_are_filled_with_the_sealed_login(
    monitor: Any, browser: PretendedBrowser
) -> None:
    """Placeholders are stored and shown; what stands for them only reaches the page."""
    endpoint = await add(monitor, browser_steps=_STEPS, auth=_LOGIN)

    await monitor.round()

    user, secret, click, _ = browser.requests[0].steps
    assert (user, secret) == (Type("#user", "reader"), Type("#pass", _SECRET))
    assert click == Click("#go")
    assert _SECRET in browser.requests[0].hidden
    assert endpoint.browser_steps == _STEPS
    assert _SECRET not in repr(browser.requests[0])


async def test_a_failure_is_kept_and_shown_without_secrets(
    monitor: Any, browser: PretendedBrowser
) -> None:
    """Message, step, page and picture of the latest one; the picture as a picture."""
    endpoint = await add(monitor, browser_steps=_STEPS, auth=_LOGIN)
    words = f"there is no element '#kwh' {_SECRET}"
    for html in ("first", f"<p>{_SECRET}</p>token=abcdef123\0"):
        browser.error = BrowserError(
            "http://meter.test/a", words, step=4, screenshot=_PNG, html=html
        )
        monitor.clock.pass_by(minutes=30)
        await monitor.round()

    shown = await routes.endpoint_failure(monitor.ctx, endpoint.id)
    picture = await routes.failure_screenshot(monitor.ctx, endpoint.id)

    word, error = await outcome(monitor, endpoint)
    assert word == "browser"
    assert "step 4: there is no element '#kwh'" in str(error)
    assert (shown.outcome, shown.step) == ("browser", 4)
    assert shown.html == "<p>***</p>token=***"
    assert shown.screenshot_bytes == len(_PNG)
    assert _SECRET not in shown.error + str(error)
    assert picture.content == _PNG
    assert picture.media_type == "image/png"
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert await monitor.pool.fetchval("select count(*) from page_failure") == 1


async def test_where_nothing_failed_there_is_nothing_to_show(
    monitor: Any, browser: PretendedBrowser
) -> None:
    """Neither of a good endpoint, nor a picture of a failure that has none."""
    endpoint = await add(monitor)
    with pytest.raises(UnknownItemError):
        await routes.endpoint_failure(monitor.ctx, endpoint.id)

    browser.error = BrowserError("http://meter.test/a", "no answer", reason="timeout")
    await monitor.round()

    assert (await routes.endpoint_failure(monitor.ctx, endpoint.id)).step == 0
    assert (await outcome(monitor, endpoint))[0] == "timeout"
    with pytest.raises(UnknownItemError, match="screenshot"):
        await routes.failure_screenshot(monitor.ctx, endpoint.id)


async def test_a_missing_browser_stops_no_other_endpoint(
    monitor: Any, browser: PretendedBrowser
) -> None:
    """The outcome names the package; health says it and stays good."""
    endpoint = await add(monitor)
    other = await monitor.add("b")
    monitor.show("b", "7")
    browser.lack = BrowserMissingError("no chromium", remedy="apt-get install chromium")

    await monitor.round()

    word, error = await outcome(monitor, endpoint)
    assert word == "browser"
    assert "apt-get install chromium" in str(error)
    assert (await outcome(monitor, other))[0] == "ok"
    health = await browser_health(monitor.ctx)
    assert (health.state, "apt-get install chromium" in health.detail) == ("ok", True)
    browser.lack = None
    assert "there is a browser" in (await browser_health(monitor.ctx)).detail


@pytest.mark.parametrize(
    ("expect", "status", "word"),
    [
        (Expect(content_type="json"), 200, "unexpected_content"),
        (Expect(marker="Zähler"), 200, "unexpected_content"),
        (Expect(content_type="html", marker="12.5"), 200, "ok"),
        (Expect(), 401, "auth"),
        (Expect(), 500, "http_status"),
    ],
)
async def test_what_is_expected_holds_in_the_browser_too(
    monitor: Any, browser: PretendedBrowser, expect: Expect, status: int, word: str
) -> None:
    """Type, marker and status are judged as they are for HTTP."""
    browser.status = status
    endpoint = await add(monitor, expect=expect)

    await monitor.round()

    assert (await outcome(monitor, endpoint))[0] == word


@pytest.mark.parametrize(
    ("field", "members"),
    [
        ("browserSteps", {"browser_steps": [{"action": "hover", "selector": "a"}]}),
        ("browserSteps", {"browser_steps": [{"action": "click"}]}),
        ("browserSteps", {"browser_steps": [{"selector": "a"}]}),
        ("browserSteps", {"browser_steps": [{"action": "wait"}]}),
        (
            "browserSteps",
            {"browser_steps": [{"action": "wait", "selector": "a", "ms": 5}]},
        ),
        ("browserSteps", {"browser_steps": [{"action": "wait", "ms": 90_000}]}),
        ("browserSteps", {"browser_steps": [_STEPS[2]], "client": "http"}),
        ("method", {"method": "POST"}),
        ("tlsMode", {"tls_mode": "pinned", "tls_pin": "0" * 64}),
        (
            "auth.type",
            {"auth": AuthBody(type="login-json", secret="x", options={"url": "/in"})},  # noqa: S106 - of this test only
        ),
        ("auth", {"browser_steps": _STEPS}),
    ],
)
async def test_what_no_browser_can_do_is_refused(
    monitor: Any, field: str, members: dict[str, Any]
) -> None:
    """At creation, naming the member and what to give instead."""
    with pytest.raises(InvalidInputError) as caught:
        await add(monitor, **members)

    assert caught.value.field == field
    assert caught.value.remedy


async def test_an_unknown_action_is_named_with_those_there_are(monitor: Any) -> None:
    """The error has the place of the step."""
    steps = [_STEPS[2], {"action": "hover", "selector": "a"}]
    with pytest.raises(InvalidInputError, match="1") as caught:
        await add(monitor, browser_steps=steps)

    assert "'hover'" in caught.value.remedy
    assert "navigate (url), click (selector)" in caught.value.remedy


async def test_a_changed_client_is_checked_as_a_whole(monitor: Any) -> None:
    """Steps that are stored do not stay behind, and a login may not be taken away."""
    endpoint = await add(monitor, browser_steps=_STEPS, auth=_LOGIN)

    with pytest.raises(InvalidInputError, match="browserSteps"):
        await routes.change_endpoint(
            monitor.ctx, _ANNA, endpoint.id, EndpointChange(client="http")
        )
    with pytest.raises(InvalidInputError, match="auth"):
        await routes.change_endpoint(
            monitor.ctx, _ANNA, endpoint.id, EndpointChange(auth=None)
        )
    changed = await routes.change_endpoint(
        monitor.ctx,
        _ANNA,
        endpoint.id,
        EndpointChange(client="http", browser_steps=[]),
    )

    assert changed.client == "http"


async def test_a_browser_endpoint_is_tried_in_the_browser(
    monitor: Any, browser: PretendedBrowser
) -> None:
    """The dry run does the steps as a poll does, and says where there is no browser."""
    body = TrialBody(
        url="http://meter.test/a",
        client="browser",
        rules=_CSS,
        auth=_LOGIN,
        browser_steps=_STEPS,
    )

    good: Any = await Trier().run(monitor.ctx, body)
    browser.lack = BrowserMissingError("no chromium", remedy="apt-get install chromium")
    bad: Any = await Trier().run(monitor.ctx, body)

    assert (good.outcome, good.error) == ("ok", None)
    assert browser.requests[0].steps[1] == Type("#pass", _SECRET)
    assert browser.requests[0].timeout == 30
    assert bad.outcome == "browser"
    assert bad.error.remedy == "apt-get install chromium"
    assert _SECRET not in str(msgspec.json.encode([good, bad]))


async def test_an_endpoint_goes_with_its_failure(
    monitor: Any, browser: PretendedBrowser
) -> None:
    """Of a deleted one nothing is kept."""
    endpoint = await add(monitor)
    browser.error = BrowserError("http://meter.test/a", "no", screenshot=_PNG)
    await monitor.round()

    gone = await routes.archive_endpoint(monitor.ctx, endpoint.id)

    assert isinstance(gone, RemovedEndpointView)
    assert gone.deleted
    assert await monitor.pool.fetchval("select count(*) from page_failure") == 0


_METER = """
<form onsubmit="fetch('/kwh?' + pass.value).then(r => r.text()).then(t => {
  document.body.innerHTML = '<b id=kwh>' + t + '</b>'}); return false">
<input id=user name=user><input id=pass name=pass type=password>
<button id=go>Go</button></form>
"""


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """A meter whose page logs in and shows its register by script."""
    made = Site()
    made.pages |= {"/": _METER, "/kwh": "41.9 kWh"}
    await made.start()
    yield made
    await made.stop()


@pytest.mark.timeout(60)
async def test_a_real_browser_logs_in_and_reads(
    monitor: Any, site: Site, tmp_path: Path
) -> None:
    """From the stored steps to the stored reading, through Chromium; then it fails."""
    require_browser()
    monitor.browser = make_browser(tmp_path)
    endpoint = await add(
        monitor, url=site.url(), browser_steps=_STEPS, auth=_LOGIN, timeout_s=20
    )

    await monitor.round()
    assert await outcome(monitor, endpoint) == ("ok", None)
    assert site.asked == ["/", f"/kwh?{_SECRET}"]

    site.pages["/"] = f"<input id=user><input id=pass><p>{_SECRET}</p>"
    await routes.change_endpoint(
        monitor.ctx, _ANNA, endpoint.id, EndpointChange(timeout_s=3)
    )
    monitor.clock.pass_by(minutes=10)
    await monitor.round()
    await monitor.browser.close()

    shown = await routes.endpoint_failure(monitor.ctx, endpoint.id)
    picture = await routes.failure_screenshot(monitor.ctx, endpoint.id)
    assert "step 3: there is no element '#go'" in shown.error
    assert picture.content.startswith(b"\x89PNG")
    assert "<p>***</p>" in shown.html
    assert _SECRET not in shown.html
