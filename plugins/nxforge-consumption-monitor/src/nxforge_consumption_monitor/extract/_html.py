"""Elements of a page, and the text a person sees in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import comb
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from ._errors import RuleError, TooComplexError
from ._nesting import Structure

__all__ = ["check_selector", "own_text", "select", "shown_text", "words"]

_MAX_SELECTOR: Final = 500
#: Comparisons the selector may need at worst, about half a second.
_MAX_COST: Final = 100_000_000
_REFUSED: Final = re.compile(r":\s*has\b|:[\w-]*\\", re.IGNORECASE)
_LITERALS: Final = re.compile(r"\"[^\"]*\"|'[^']*'|\[[^\]]*\]")
_COMBINATORS: Final = re.compile(r"\s*([>+~])\s*")
_COUNTING: Final = re.compile(r":nth-|-of-type", re.IGNORECASE)
_SPACES: Final = re.compile(r"[ \t\n\r\f]+")
_UNSEEN: Final = frozenset({"noscript", "script", "style", "template"})
_LINES: Final = frozenset(
    "address article aside blockquote br caption dd details div dl dt fieldset "
    "figure footer form h1 h2 h3 h4 h5 h6 header hr legend li main nav ol option p pre "
    "section table tbody td tfoot th thead tr ul".split()
)


def check_selector(field: str, selector: str) -> None:
    """Refuse a selector that cannot be run.

    Raises:
        RuleError: It is no selector, or uses `:has`, whose cost has no bound.
    """
    if not selector.strip() or len(selector) > _MAX_SELECTOR:
        what = f"has {len(selector)} characters; 1 to {_MAX_SELECTOR} are allowed"
        raise _no_selector(field, selector, what)
    if _REFUSED.search(selector):
        raise _no_selector(field, selector, "uses ':has' or an escaped pseudo-class")
    try:
        LexborHTMLParser("<p>").css(selector)
    except (SelectolaxError, UnicodeEncodeError):
        raise _no_selector(field, selector, "is no CSS selector") from None


def select(selector: str, root: LexborNode, structure: Structure) -> list[LexborNode]:
    """Return the elements that match, in the page's order.

    Raises:
        TooComplexError: The page is so large that this selector may take too long.
        RuleError: It is no selector.
    """
    check_selector("selector", selector)
    if max(_cost(p, structure) for p in _bare(selector).split(",")) > _MAX_COST:
        raise TooComplexError(f"work for the selector {selector!r}")
    return root.css(selector)


def shown_text(node: LexborNode) -> str:
    """Return the text of an element as a browser shows it, one line per block."""
    if node.tag in {"input", "textarea"}:
        value = node.attributes.get("value")
        if value is not None:
            return value
    parts = "".join(_parts(node)).split("\n")
    return "\n".join(line for part in parts if (line := part.strip(" ")))


def own_text(node: LexborNode) -> str:
    """Return the text of an element without that of the elements inside of it."""
    texts = (child.text_content or "" for child in node.iter(include_text=True)
             if child.is_text_node)
    return _SPACES.sub(" ", "".join(texts)).strip(" ")


def words(text: str) -> str:
    """Return `text` with each run of white space made one space."""
    return " ".join(text.split())


def _parts(node: LexborNode) -> Iterator[str]:
    for each in node.traverse(include_text=True):
        if each.is_text_node:
            parent = each.parent
            if parent is None or parent.tag not in _UNSEEN or parent == node:
                yield _SPACES.sub(" ", each.text_content or "")
        elif each.tag in _LINES and each != node:
            yield "\n"


def _bare(selector: str) -> str:
    return _COMBINATORS.sub(r"\1", _LITERALS.sub("", selector)).strip()


def _cost(part: str, structure: Structure) -> int:
    # The matcher tries every choice of ancestors for each element.
    ancestors = len(_SPACES.findall(part.strip()))
    ways = comb(max(structure.depth, ancestors), ancestors)
    repeats = part.count("~") + bool(_COUNTING.search(part))
    tags: int = structure.tags
    return tags * ways * tags**repeats


def _no_selector(field: str, selector: str, what: str) -> RuleError:
    return RuleError(
        field,
        f"{selector[:100]!r} {what}",
        remedy="use a selector such as '#energy', 'table.meter td' or "
        "'td:lexbor-contains(\"Total\") + td'",
    )
