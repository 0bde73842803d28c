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

#: The parser adds the attributes of every further one to the first.
_ROOTS: Final = frozenset({"body", "html"})


def _start_of(names: frozenset[str]) -> re.Pattern[str]:
    # By first letters, which most tags of a page do not have: half the time.
    rests: dict[str, list[str]] = {}
    for name in sorted(names):
        rests.setdefault(name[0], []).append(name[1:])
    either = "|".join(f"{one}(?:{'|'.join(rest)})" for one, rest in rests.items())
    return re.compile(f"<({either})(?![a-z])")


#: Of `<b:x>` it finds the b, which errs safely.
_COUNTED: Final = _start_of(FORMATTING | _ROOTS)
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
    tags = html.count("<")
    starts = tags - html.count("</")
    if tags > MAX_TAGS or starts > MAX_OPEN:
        return None
    found = _COUNTED.findall(html.lower())
    roots = sum(name in _ROOTS for name in found)
    if roots > len(_ROOTS) or (len(found) - roots) * tags > MAX_REBUILT:
        return None
    if _LONG_TAG.search(html) or _QUOTED_END.search(html):
        return None
    return Structure(tags=tags, depth=starts)
