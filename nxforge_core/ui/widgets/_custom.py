"""Modules of plugins, with what stands there where they do not run."""

from __future__ import annotations

import msgspec

from nxforge_core.api.pages import Custom
from nxforge_core.ui._ask import Ask
from nxforge_core.ui._tree import Node, h

from ._arrange import as_mapping
from ._frame import frame

__all__ = ["show_custom"]


async def show_custom(widget: Custom, ask: Ask) -> Node:
    """The place for the module; nothing of a plugin's is loaded without leave."""
    fallback = h("p", {"class": "nx-empty-words"}, widget.fallback)
    if ask.modules is None:
        return frame(widget, ask, fallback)
    props = await _props(widget, ask)
    facts = {
        "data-module": f"{ask.root}{ask.modules}{widget.module}",
        "data-props": msgspec.json.encode(props, enc_hook=str).decode(),
        "data-owner": ask.plugin,
    }
    return frame(widget, ask, h("nx-plugin", facts, fallback))


async def _props(widget: Custom, ask: Ask) -> dict[str, object]:
    """The fixed props, and those of the source."""
    found = await ask.content(widget.source) if widget.source else {}
    return {**widget.props, **as_mapping(found)}
