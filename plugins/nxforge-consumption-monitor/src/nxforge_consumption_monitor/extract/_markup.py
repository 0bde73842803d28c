"""Tags of a page in one linear pass, before any parser sees it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

import msgspec

from ._errors import TooComplexError

__all__ = ["MAX_ATTRIBUTES", "Tag", "read_tags"]

MAX_ATTRIBUTES: Final = 256

# HTML's white space; \s would take a no-break space, which is part of a name.
_SPACE: Final = r" \t\n\f\r"
# Possessive quantifiers: a tag that never ends is given up without going back.
_ATTRIBUTE: Final = (
    rf"[{_SPACE}/]*+[^{_SPACE}/>][^{_SPACE}/>=]*+"
    rf"(?:[{_SPACE}]*+=[{_SPACE}]*+"
    rf"(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^{_SPACE}>\"'][^{_SPACE}>]*+|(?=>)))?+"
)
_TAG: Final = re.compile(
    rf"<(?P<end>/?+)(?P<name>[a-zA-Z][^{_SPACE}/>]*+)"
    rf"(?P<attributes>(?:{_ATTRIBUTE}){{0,{MAX_ATTRIBUTES}}}+)"
    rf"(?P<close>[{_SPACE}/]*+>?+)"
)
_ONE_ATTRIBUTE: Final = re.compile(_ATTRIBUTE)
_COMMENT: Final = re.compile(r"<!--(?:-?>|.*?(?:--!?>|\Z))", re.DOTALL)
_BOGUS: Final = re.compile(r"<[!?/][^>]*+(?:>|\Z)")
_RAW_TEXT: Final = frozenset(
    {
        "iframe",
        "noembed",
        "noframes",
        "script",
        "style",
        "textarea",
        "title",
        "xmp",
    }
)


class Tag(msgspec.Struct, frozen=True):
    """One start or end tag; `is_void` when it ends with a slash."""

    name: str
    is_end: bool
    is_void: bool


def read_tags(html: str, skips_raw_text: Callable[[], bool]) -> Iterator[Tag]:
    """Yield the tags of `html` in order.

    Args:
        html: The page.
        skips_raw_text: Whether a script's content is text where the reader stands;
            inside of svg, math and select it is not, so what looks like a tag counts.

    Raises:
        TooComplexError: A tag has too many attributes.
    """
    position, shared = html.find("<"), 0
    while position >= 0:
        found = _TAG.match(html, position)
        if found is None:
            position = html.find("<", _skip(html, position))
            continue
        tag = _tag(found)
        if not found["close"].endswith(">") and found.end() < len(html):
            raise TooComplexError(limit=f"{MAX_ATTRIBUTES} attributes in one tag")
        if tag.name in {"body", "html"}:
            # The parser adds the attributes of every further one to the first.
            shared = _count(shared, found["attributes"])
        yield tag
        position = found.end()
        if tag.name in _RAW_TEXT and not tag.is_end and skips_raw_text():
            position = _raw_end(html, position, tag.name)
        position = html.find("<", position)


def _tag(found: re.Match[str]) -> Tag:
    # Only ASCII: str.lower() would turn a Kelvin sign into k, which no browser does.
    name = found["name"]
    return Tag(
        name=name.lower() if name.isascii() else name,
        is_end=bool(found["end"]),
        is_void=found["close"].endswith("/>"),
    )


def _skip(html: str, position: int) -> int:
    found = _COMMENT.match(html, position) or _BOGUS.match(html, position)
    return found.end() if found else position + 1


def _raw_end(html: str, position: int, name: str) -> int:
    found = re.compile(rf"</{name}[{_SPACE}/>]", re.IGNORECASE).search(html, position)
    return found.start() if found else len(html)


def _count(shared: int, attributes: str) -> int:
    shared += sum(1 for _ in _ONE_ATTRIBUTE.finditer(attributes))
    if shared > MAX_ATTRIBUTES:
        raise TooComplexError(limit=f"{MAX_ATTRIBUTES} attributes of the page's body")
    return shared
