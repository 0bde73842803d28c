"""Pages: from the vocabulary of `nxforge_core.api.ui` to HTML, on the server."""

from __future__ import annotations

from ._ask import Ask, takes
from ._assets import (
    OWNER,
    Asset,
    Bundle,
    asset_path,
    bundle_of,
    forget_bundles,
    own_assets,
)
from ._confirm import confirmation
from ._deeds import Sent, Wish, do, trouble_of, wish_of
from ._files import csv_of, data_of
from ._headers import (
    ASSET_HEADERS,
    CLOSED,
    HTML,
    PAGE_HEADERS,
    document_policy,
    page_policy,
)
from ._names import named
from ._page import (
    around,
    find_widget,
    heading_of,
    prepared,
    show_page,
    show_page_tools,
    show_widget,
)
from ._render import render_error, render_login, render_password
from ._shell import MenuGroup, MenuItem, Shell, document, document_tree
from ._tree import Node, h, to_html
from ._trouble import Trouble
from ._window import window_of
from .speech import current, speak_to

__all__ = [
    "ASSET_HEADERS",
    "CLOSED",
    "HTML",
    "OWNER",
    "PAGE_HEADERS",
    "Ask",
    "Asset",
    "Bundle",
    "MenuGroup",
    "MenuItem",
    "Node",
    "Sent",
    "Shell",
    "Trouble",
    "Wish",
    "around",
    "asset_path",
    "bundle_of",
    "confirmation",
    "csv_of",
    "current",
    "data_of",
    "do",
    "document",
    "document_policy",
    "document_tree",
    "find_widget",
    "forget_bundles",
    "h",
    "heading_of",
    "named",
    "own_assets",
    "page_policy",
    "prepared",
    "render_error",
    "render_login",
    "render_password",
    "show_page",
    "show_page_tools",
    "show_widget",
    "speak_to",
    "takes",
    "to_html",
    "trouble_of",
    "window_of",
    "wish_of",
]
