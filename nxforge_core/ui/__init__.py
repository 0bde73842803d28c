"""Pages: from the vocabulary of `nxforge_core.api.ui` to HTML, on the server."""

from __future__ import annotations

from nxforge_core.ui._assets import STYLE_PATH, style
from nxforge_core.ui._headers import HTML, PAGE_HEADERS
from nxforge_core.ui._render import render_error, render_login, render_page
from nxforge_core.ui._view import PageView, gather

__all__ = [
    "HTML",
    "PAGE_HEADERS",
    "STYLE_PATH",
    "PageView",
    "gather",
    "render_error",
    "render_login",
    "render_page",
    "style",
]
