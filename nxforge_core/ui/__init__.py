"""Pages: from the vocabulary of `nxforge_core.api.ui` to HTML, on the server."""

from __future__ import annotations

from ._assets import ASSETS, SCRIPT_PATH, STYLE_PATH, Asset
from ._headers import HTML, PAGE_HEADERS
from ._render import render_error, render_login, render_page, render_password
from ._view import PageView, gather

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
    "render_password",
]
