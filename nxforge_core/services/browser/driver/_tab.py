"""A page in a context of its own, and what happens in it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from nxforge_core.api import Viewport

from ._chromium import Chromium, Session
from ._credentials import Credentials
from ._errors import PageCrashedError, PageTooLargeError, VisitError
from ._network import navigation_error

__all__ = ["Tab", "open_tab"]

#: What Chromium makes of a 401 when it has no password to give.
_REFUSED: Final = "net::ERR_INVALID_AUTH_CREDENTIALS"
#: Seconds after a click until what it started can be seen.
_REACTION: Final = 0.1


class Tab:
    """One page. What it hears of Chromium is kept for the visit that is under way.

    Attributes:
        proxy: Its only way out.
        credentials: What its requests carry.
        response: Of the last document.
        origins: Those that the visit has been to.
    """

    def __init__(self, session: Session, context: str, frame: str, proxy: str) -> None:
        self.session = session
        self.proxy = proxy
        self.credentials = Credentials(session)
        self.context = context
        self.frame = frame
        self.response: Mapping[str, Any] = {}
        self.origins: set[str] = set()
        self._configured: dict[str, Mapping[str, object]] = {}
        self._loaded: set[str] = set()
        self._loading = False
        self._crashed = False
        self._news = asyncio.Event()
        session.on("Page.lifecycleEvent", self._on_lifecycle)
        session.on("Page.frameStartedLoading", self._on_started)
        session.on("Page.frameStoppedLoading", self._on_stopped)
        session.on("Page.javascriptDialogOpening", self._on_dialog)
        session.on("Network.responseReceived", self._on_response)
        session.on("Inspector.targetCrashed", self._on_crash)

    async def forget(self) -> None:
        """Begin a new visit."""
        self.response = {}
        self.origins.clear()
        self._loaded.clear()

    async def go(self, url: str) -> None:
        """Load a page, with all its parts.

        Raises:
            VisitError: it cannot be loaded.
        """
        said = await self.session.call("Page.navigate", url=url)
        if said.get("errorText") == _REFUSED:
            self.response = {"status": 401, "mimeType": "text/html"}
        elif said.get("errorText"):
            raise navigation_error(said["errorText"])
        loader = said.get("loaderId")
        while loader and loader not in self._loaded:
            await self._next()

    async def settle(self) -> None:
        """Wait for what a click has started."""
        await asyncio.sleep(_REACTION)
        while self._loading:
            await self._next()

    async def evaluate(self, expression: str) -> Any:
        """The value of a script's expression.

        Raises:
            ChromiumError: the page went away meanwhile.
            VisitError: the script raised.
        """
        said = await self.session.call(
            "Runtime.evaluate", expression=expression, returnByValue=True
        )
        if "exceptionDetails" in said:
            raise VisitError(_words(said["exceptionDetails"]))
        return said["result"].get("value")

    async def html(self, most: int) -> str:
        """The document as it is now.

        Raises:
            PageTooLargeError: it is larger than that.
        """
        text = await self.evaluate(
            "(() => {const e = document.documentElement;"
            "const h = e ? e.outerHTML : '';"
            f"return h.length > {most} ? null : h}})()"
        )
        if text is None or len(text.encode("utf-8", "replace")) > most:
            raise PageTooLargeError
        return f"<!DOCTYPE html>{text}"

    async def configure(self, method: str, **params: object) -> None:
        """Ask for something that stays as it is until it is asked for otherwise."""
        if self._configured.get(method) != params:
            self._configured[method] = params
            await self.session.call(method, **params)

    async def resize(self, size: Viewport) -> None:
        """Give the window a size."""
        await self.configure(
            "Emulation.setDeviceMetricsOverride",
            width=size.width,
            height=size.height,
            deviceScaleFactor=1,
            mobile=False,
        )

    async def _next(self) -> None:
        if self._crashed:
            raise PageCrashedError
        self._news.clear()
        await self._news.wait()

    def _on_lifecycle(self, event: Mapping[str, Any]) -> None:
        if event["frameId"] == self.frame and event["name"] == "load":
            self._loaded.add(event["loaderId"])
            self._news.set()

    def _on_started(self, event: Mapping[str, Any]) -> None:
        if event["frameId"] == self.frame:
            self._loading = True

    def _on_stopped(self, event: Mapping[str, Any]) -> None:
        if event["frameId"] == self.frame:
            self._loading = False
            self._news.set()

    def _on_dialog(self, event: Mapping[str, Any]) -> None:
        leaving = event.get("type") == "beforeunload"
        self.session.tell("Page.handleJavaScriptDialog", accept=leaving)

    def _on_response(self, event: Mapping[str, Any]) -> None:
        response = event["response"]
        parts = urlsplit(response["url"])
        self.origins.add(f"{parts.scheme}://{parts.netloc}")
        if event.get("type") == "Document" and event.get("frameId") == self.frame:
            self.response = response

    def _on_crash(self, event: Mapping[str, Any]) -> None:
        del event
        self._crashed = True
        self._news.set()


async def open_tab(chromium: Chromium, proxy: str) -> Tab:
    """A new page in a new context, whose only way out is the proxy."""
    browser = chromium.session
    made = await browser.call(
        "Target.createBrowserContext",
        disposeOnDetach=True,
        proxyServer=proxy,
        proxyBypassList="<-loopback>",
    )
    context = str(made["browserContextId"])
    await browser.call(
        "Browser.setDownloadBehavior", behavior="deny", browserContextId=context
    )
    page = await browser.call(
        "Target.createTarget", url="about:blank", browserContextId=context
    )
    session = await chromium.attach(page["targetId"])
    tree = await session.call("Page.getFrameTree")
    tab = Tab(session, context, tree["frameTree"]["frame"]["id"], proxy)
    await asyncio.gather(
        session.call("Page.enable"),
        session.call("Page.setLifecycleEventsEnabled", enabled=True),
        session.call("Network.enable", maxTotalBufferSize=0),
        session.call("Network.setCacheDisabled", cacheDisabled=True),
        session.call("Inspector.enable"),
    )
    return tab


def _words(details: Mapping[str, Any]) -> str:
    said = details.get("exception", {}).get("description") or details.get("text", "")
    return str(said).splitlines()[0] if said else json.dumps(dict(details))[:200]
