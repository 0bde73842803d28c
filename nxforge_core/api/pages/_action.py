"""Something the reader can do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Literal, TypeAlias

import msgspec

from ._part import Part
from ._values import Link

__all__ = ["Action", "Deed", "Done", "RowAction"]

#: An async function of the plugin's context that does something. By name it may take
#: `reader` and `params`; that of a row `keys`, that of a form `data`. It answers `Done`
#: or None; an error of the family `NxForgeError` is told to the reader in its words.
Deed: TypeAlias = Callable[..., Awaitable[Any]]

Style = Literal["plain", "primary", "danger"]


class Done(msgspec.Struct, frozen=True):
    """What came of it.

    Attributes:
        message: One sentence: `Run 17 is queued.`
        link: Shown beside the message.
        go: Where the reader goes then; None: nowhere.
        secret: A text that is shown this once, until the reader closes it: it is
            kept nowhere, and the reader stays where it is shown.
    """

    message: str
    link: Link | None = None
    go: Link | None = None
    secret: str = ""


class Action(Part, frozen=True, tag="action"):
    """A button. It needs no JavaScript.

    Attributes:
        title: The button's words.
        run: What is done.
        confirm: Asked before; it names the object and the effect.
        text: Beside the button.
    """

    title: str
    run: Deed
    confirm: str = ""
    text: str = ""
    style: Style = "plain"


class RowAction(msgspec.Struct, frozen=True):
    """A button at every row of a table, or at those that are selected.

    Attributes:
        name: Kebab-case, unique in the table.
        run: Takes `keys`, a list of the rows' keys.
        confirm: Asked before; `{n}` is how many rows it is about.
        many: Rows can be selected, and the button does it for all of them.
        single: The button stands at each row.
        only: Member of the rows that says whether the button stands at this one; empty:
            at all.
    """

    name: str
    title: str
    run: Deed
    permission: str | None = None
    confirm: str = ""
    style: Style = "plain"
    many: bool = False
    single: bool = True
    only: str = ""
