"""What all widgets have in common."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final, Literal, TypeAlias

import msgspec

__all__ = ["VERSION", "Filled", "Level", "Part", "Source", "Width"]

#: Of the vocabulary. It grows by additions; what takes a meaning away makes a new one.
VERSION: Final = 1

#: An async function of the plugin's context. By name it may take, besides, `window`
#: (`Window`), `query` (`Query`), `reader` (`Reader`) and `params` (what the page's
#: address carries).
Source: TypeAlias = Callable[..., Awaitable[Any]]

#: Share of the page's width.
Width = Literal["full", "two-thirds", "half", "third"]

#: How well something is; `unknown` is not `ok`.
Level = Literal["ok", "info", "warning", "bad", "unknown"]


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Base of every widget.

    Attributes:
        name: Kebab-case, unique on the page; it is part of addresses. By default made
            of the title.
        width: Of the page's width, on a screen that has room.
        permission: Shown to its holders only; None: to all readers of the page.
        needs: Shown only where the page's address carries this parameter, such as the
            name of a draft.
        home: Shown on the start page as well.
    """

    name: str = ""
    width: Width = "full"
    permission: str | None = None
    needs: str = ""
    home: bool = False


class Filled(Part, frozen=True, kw_only=True):
    """Base of widgets with a source.

    Attributes:
        live: Names of events after which the content is asked for again, once a second
            at the most. Readers must hold the events' permissions.
        every: Seconds after which it is asked for again anyhow; 0: never.
    """

    live: str | tuple[str, ...] = ()
    every: float = 0
