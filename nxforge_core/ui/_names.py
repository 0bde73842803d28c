"""Names of widgets, which addresses are made of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from nxforge_core.api.pages import Page, Widget, all_widgets

__all__ = ["named"]

_OTHER: Final = re.compile(r"[^a-z0-9]+")


def named(page: Page) -> Mapping[str, Widget]:
    """Every widget of a page by its name, those inside of others too, in order."""
    found: dict[str, Widget] = {}
    for widget in all_widgets(page.body):
        stem = widget.name or _made(widget)
        name, count = stem, 1
        while name in found:
            count += 1
            name = f"{stem}-{count}"
        found[name] = widget
    return found


def _made(widget: Widget) -> str:
    kind = str(widget.__struct_config__.tag)
    title = _OTHER.sub("-", getattr(widget, "title", "").lower()).strip("-")
    return title or kind
