"""Numbers that a page shows with a unit of energy."""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

__all__ = ["energies"]

_MOST: Final = 12
#: Of longer pages only the beginning is looked at.
_LONGEST: Final = 200_000
_MARKUP: Final = re.compile(r"<[^<>]{0,2000}>")
_BLANKS: Final = re.compile(r"(?:\s|&nbsp;)+")
_ENERGY: Final = re.compile(r"(?<![\w.,])\d[\d.,']{0,19}(?: \d{3}){0,4} ?[kM]?Wh\b")


def energies(text: str) -> tuple[str, ...]:
    """The first of them, each once, as the page writes it."""
    words = _BLANKS.sub(" ", _MARKUP.sub(" ", text[:_LONGEST]))
    found = dict.fromkeys(each[0] for each in _ENERGY.finditer(words))
    return tuple(islice(found, _MOST))
