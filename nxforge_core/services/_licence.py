"""A browser for those whose manifest says that they use one."""

from __future__ import annotations

from nxforge_core.api import Browser, BrowserPage, BrowserRequest, Manifest
from nxforge_core.api.errors import BrowserMissingError, CapabilityMissingError

__all__ = ["licensed_browser"]

_CAPABILITY = "browser"


def licensed_browser(
    browser: Browser, plugin: str, manifest: Manifest | None
) -> Browser:
    """The browser, or one that refuses every call."""
    if manifest is not None and _CAPABILITY in manifest.capabilities:
        return browser
    return _NoLicence(plugin)


class _NoLicence:
    def __init__(self, plugin: str) -> None:
        self._plugin = plugin

    def missing(self) -> BrowserMissingError | None:
        error = CapabilityMissingError(self._plugin, _CAPABILITY)
        return BrowserMissingError(error.message, remedy=error.remedy)

    async def fetch(self, request: BrowserRequest) -> BrowserPage:
        del request
        raise CapabilityMissingError(self._plugin, _CAPABILITY)

    async def pdf(self, html: str, *, timeout: float = 30.0) -> bytes:  # noqa: ASYNC109 - the port's
        del html, timeout
        raise CapabilityMissingError(self._plugin, _CAPABILITY)
