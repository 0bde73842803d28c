"""The size of a page, and whether a parser may see it."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Final

import msgspec

from ._elements import FORMATTING
from ._errors import TooComplexError
from ._markup import MAX_ATTRIBUTES, read_tags
from ._nesting import MAX_OPEN, MAX_REBUILT, Nesting

__all__ = ["MAX_TAGS", "Structure", "Survey", "measure"]

#: A page of 512 kB with more tags has hardly any text; bounds the time of the scan.
MAX_TAGS: Final = 50_000

#: With the letters its name begins with: of `<b:x>` those of b, which errs safely.
_START: Final = re.compile(r"<([a-zA-Z]++)")
#: The parser adds the attributes of every further one to the first.
_ROOTS: Final = frozenset({"body", "html"})
_COUNTED: Final = FORMATTING | _ROOTS
#: An attribute needs a letter and a separator. A tag may go on behind a '>' only
#: within quotes.
_LONG_TAG: Final = re.compile(rf"<[a-zA-Z][^>]{{{2 * MAX_ATTRIBUTES - 1}}}")
_QUOTED_END: Final = re.compile(
    r"=[ \t\n\f\r]*+(?:\"[^\">]*+>|'[^'>]*+>)",
)


class Structure(msgspec.Struct, frozen=True):
    """Size of a page that passed: its tags, and open elements at the deepest."""

    tags: int
    depth: int


class Survey:
    """What is known of the size of a page that passed.

    Attributes:
        bounds: At most so many. Few tags can break no limit however they nest, so most
            pages of devices are counted and not read tag by tag.

    Raises:
        TooComplexError: As `measure`.
    """

    def __init__(self, html: str) -> None:
        self._html = html
        self.bounds = _bounds(html) or self.exact

    @cached_property
    def exact(self) -> Structure:
        """The very numbers."""
        return measure(self._html)


def measure(html: str) -> Structure:
    """Return the structure of a page in linear time.

    Raises:
        TooComplexError: It nests deeper than 512 elements, has a tag of more than 256
            attributes or too many tags, or makes the parser repeat elements too often.
    """
    nesting = Nesting()
    tags = depth = 0
    for tag in read_tags(html, nesting.skips_raw_text):
        tags += 1
        if tags > MAX_TAGS:
            raise TooComplexError(limit=f"{MAX_TAGS} tags")
        if tag.is_end:
            nesting.close(tag.name)
        else:
            nesting.open(tag)
        depth = max(depth, nesting.depth)
    return Structure(tags=tags, depth=depth)


def _bounds(html: str) -> Structure | None:
    """Bounds that keep every limit of `measure`; None where only reading tells."""
    tags, names = html.count("<"), _START.findall(html)
    if tags > MAX_TAGS or len(names) > MAX_OPEN:
        return None
    # A page has few different names: only those are compared.
    known = [name for name in set(names) if name.lower() in _COUNTED]
    repeated = _occurrences(names, known, FORMATTING) * tags
    if repeated > MAX_REBUILT or _occurrences(names, known, _ROOTS) > len(_ROOTS):
        return None
    if _LONG_TAG.search(html) or _QUOTED_END.search(html):
        return None
    return Structure(tags=tags, depth=len(names))


def _occurrences(names: list[str], known: list[str], among: frozenset[str]) -> int:
    return sum(names.count(name) for name in known if name.lower() in among)
