"""Pages: from the vocabulary of `nxforge_core.api.ui` to HTML, on the server."""

from __future__ import annotations

from ._assets import ASSETS, SCRIPT_PATH, STYLE_PATH, Asset
from ._headers import CLOSED, HTML, PAGE_HEADERS, document_policy, page_policy
from ._render import render_error, render_login, render_page, render_password
from ._view import PageView, gather

__all__ = [
    "ASSETS",
    "CLOSED",
    "HTML",
    "PAGE_HEADERS",
    "SCRIPT_PATH",
    "STYLE_PATH",
    "Asset",
    "PageView",
    "document_policy",
    "gather",
    "page_policy",
    "render_error",
    "render_login",
    "render_page",
    "render_password",
]
