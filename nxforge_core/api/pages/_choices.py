"""What to choose from: a period, a group, a file."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ._part import Filled, Source
from ._values import Link

__all__ = ["Choice", "Choices"]


class Choice(msgspec.Struct, frozen=True):
    """One row of ways.

    Attributes:
        label: What is chosen: `Period`.
        links: Usually to the page itself, with other parameters.
        chosen: Text of the link that stands for what is shown now.
    """

    label: str
    links: Sequence[Link]
    chosen: str = ""


class Choices(Filled, frozen=True, tag="choices"):
    """Rows of ways to choose from. The source answers a list of `Choice`.

    What is chosen is in the address, so that it can be sent to somebody.
    """

    title: str
    source: Source
