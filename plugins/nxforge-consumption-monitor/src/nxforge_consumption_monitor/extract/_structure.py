"""The size of a page, and whether a parser may see it."""

from __future__ import annotations

from typing import Final

import msgspec

from ._errors import TooComplexError
from ._markup import read_tags
from ._nesting import Nesting

__all__ = ["MAX_TAGS", "Structure", "measure"]

#: A page of 512 kB with more tags has hardly any text; bounds the time of the scan.
MAX_TAGS: Final = 50_000


class Structure(msgspec.Struct, frozen=True):
    """Size of a page that passed: its tags, and open elements at the deepest."""

    tags: int
    depth: int


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
