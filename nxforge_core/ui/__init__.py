"""Pages: from the vocabulary of `nxforge_core.api.ui` to HTML, on the server."""

from __future__ import annotations

from nxforge_core.ui._assets import ASSETS, SCRIPT_PATH, STYLE_PATH, Asset
from nxforge_core.ui._headers import HTML, PAGE_HEADERS
from nxforge_core.ui._render import render_error, render_login, render_page
from nxforge_core.ui._view import PageView, gather

__all__ = [
    "ASSETS",
    "HTML",
    "PAGE_HEADERS",
    "SCRIPT_PATH",
    "STYLE_PATH",
    "Asset",
    "PageView",
    "gather",
    "render_error",
    "render_login",
    "render_page",
]
