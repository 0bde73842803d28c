"""One visit: load, steps, what came of it; then nothing of it is left."""

from __future__ import annotations

import asyncio
import time
from typing import Final

from nxforge_core.api import BrowserPage, Navigate
from nxforge_core.services.browser._messages import Failed, Reason, Visit, Visited

from ._errors import ChromiumError, VisitError
from ._evidence import evidence, screenshot
from ._steps import do_step, words_of
from ._tab import Tab

__all__ = ["scrub", "visit"]

_REFUSED: Final = 400
#: Seconds, and share of the whole, that are kept for what a failure looked like.
_EVIDENCE, _SHARE = 2.0, 0.2


class _Course:
    """How far a visit has come."""

    def __init__(self) -> None:
        self.step = 0
        self.doing = "the page was not loaded in time"
        self.reason: Reason = "timeout"
        self.began = time.monotonic()
        self.timings: dict[str, float] = {}

    def note(self, name: str) -> None:
        self.timings[name] = round(time.monotonic() - self.began, 3)


async def visit(tab: Tab, order: Visit) -> Visited | Failed:
    """Visit a page. Whatever it does, there is an answer in time."""
    course = _Course()
    kept = min(_EVIDENCE, order.timeout * _SHARE)
    try:
        async with asyncio.timeout(order.timeout - kept):
            return Visited(id=order.id, page=await _page(tab, order, course))
    except TimeoutError:
        what, reason = course.doing, course.reason
    except VisitError as error:
        what, reason = str(error), error.reason
    except ChromiumError as error:
        what, reason = str(error), "browser"
    picture, text = await evidence(tab, order.hidden, kept * 0.75, order.viewport)
    return Failed(
        id=order.id,
        reason=reason,
        what=what,
        step=course.step,
        screenshot=picture,
        html=text,
    )


async def _page(tab: Tab, order: Visit, course: _Course) -> BrowserPage:
    await tab.forget()
    await _prepare(tab, order)
    await tab.go(order.url)
    course.note("load")
    for number, step in enumerate(order.steps, 1):
        if tab.response.get("status", 200) >= _REFUSED:
            break
        course.step, course.doing = number, words_of(step)
        course.reason = "timeout" if isinstance(step, Navigate) else "browser"
        await do_step(tab, step)
    course.note("steps")
    html = await tab.html(order.max_bytes)
    picture = await screenshot(tab, order.viewport) if order.screenshot else None
    course.note("total")
    return BrowserPage(
        html=html,
        url=str(await tab.evaluate("location.href")),
        status=int(tab.response.get("status", 0)),
        content_type=str(tab.response.get("mimeType", "")),
        timings=course.timings,
        screenshot=picture,
    )


async def _prepare(tab: Tab, order: Visit) -> None:
    call = tab.session.call
    headers = dict(order.headers)
    cookies = next((headers.pop(n) for n in list(headers) if n.lower() == "cookie"), "")
    await asyncio.gather(
        call("Emulation.setScriptExecutionDisabled", value=False),
        tab.credentials.begin(order, headers),
        tab.configure("Security.setIgnoreCertificateErrors", ignore=order.insecure),
        tab.resize(order.viewport),
    )
    if cookies:
        await call("Network.setCookies", cookies=_cookies(order.url, cookies))


def _cookies(url: str, header: str) -> list[dict[str, object]]:
    pairs = (part.strip().partition("=") for part in header.split(";"))
    whole = {"url": url, "secure": url.startswith("https:")}
    return [{"name": name, "value": value, **whole} for name, _, value in pairs]


async def scrub(tab: Tab) -> None:
    """Stop the page's scripts and forget what it has kept.

    Raises:
        ChromiumError: it cannot be done: the page must not be used again.
    """
    call = tab.session.call
    await tab.evaluate("window.name = ''; try {sessionStorage.clear()} catch {}")
    await asyncio.gather(
        call("Emulation.setScriptExecutionDisabled", value=True),
        call("Page.stopLoading"),
        call("Network.clearBrowserCookies"),
        *(
            call("Storage.clearDataForOrigin", origin=origin, storageTypes="all")
            for origin in tab.origins
        ),
    )
