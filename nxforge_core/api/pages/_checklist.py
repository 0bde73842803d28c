"""Things to do, one after the other."""

from __future__ import annotations

import msgspec

from ._action import Deed
from ._part import Filled, Source
from ._values import Link

__all__ = ["Checklist", "Step"]


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One of them.

    Attributes:
        title: What there is to do: `Add the first meter`.
        done: Whether that is so.
        text: How it is, or how to do it, in a sentence.
        link: The way to do it; once it is done, to what came of it.
    """

    title: str
    done: bool
    text: str = ""
    link: Link | None = None


class Checklist(Filled, frozen=True, tag="checklist"):
    """Steps in order. The source answers a list of `Step`.

    Where the list is empty nothing is shown.

    Attributes:
        dismiss: Does away with the list; a button beside the title calls it.
    """

    title: str
    source: Source
    dismiss: Deed | None = None
