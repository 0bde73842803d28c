"""Elements of a page, and the text a person sees in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from math import comb
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from ._errors import RuleError, TooComplexError
from ._structure import Structure, Survey

__all__ = ["check_selector", "own_text", "select", "shown_text", "words"]

_MAX_SELECTOR: Final = 500
#: The same rules read page after page: to try a selector costs 20 us.
_SELECTORS_KEPT: Final = 1_024
#: Comparisons the selector may need at worst, about half a second.
_MAX_COST: Final = 100_000_000
_REFUSED: Final = re.compile(r":\s*has\b|:[\w-]*\\", re.IGNORECASE)
_LITERALS: Final = re.compile(r"\"[^\"]*\"|'[^']*'|\[[^\]]*\]")
_COMBINATORS: Final = re.compile(r"\s*([>+~])\s*")
_COUNTING: Final = re.compile(r":nth-|-of-type", re.IGNORECASE)
_SPACES: Final = re.compile(r"[ \t\n\r\f]+")
_UNSEEN: Final = frozenset({"noscript", "script", "style", "template"})
_KEPT: Final = frozenset({"listing", "pre", "textarea", "xmp"})
_LINES: Final = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "caption",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)


def check_selector(field: str, selector: str) -> None:
    """Refuse a selector that cannot be run.

    Raises:
        RuleError: It is no selector, or uses `:has`, whose cost has no bound.
    """
    if not selector.strip() or len(selector) > _MAX_SELECTOR:
        what = f"has {len(selector)} characters; 1 to {_MAX_SELECTOR} are allowed"
        raise _no_selector(field, selector, what)
    if what := _fault(selector):
        raise _no_selector(field, selector, what)


@lru_cache(_SELECTORS_KEPT)
def _fault(selector: str) -> str:
    """What is wrong with a selector, or nothing."""
    if _REFUSED.search(selector):
        return "uses ':has' or an escaped pseudo-class"
    try:
        LexborHTMLParser("<p>").css(selector)
    except (SelectolaxError, UnicodeEncodeError):
        return "is no CSS selector"
    return ""


def select(selector: str, root: LexborNode, survey: Survey) -> list[LexborNode]:
    """Return the elements that match, in the page's order.

    Raises:
        TooComplexError: The page is so large that this selector may take too long.
        RuleError: It is no selector.
    """
    check_selector("selector", selector)
    if _is_costly(selector, survey.bounds) and _is_costly(selector, survey.exact):
        raise TooComplexError(limit=f"work for the selector {selector!r}")
    return root.css(selector)


def shown_text(node: LexborNode) -> str:
    """Return the text of an element as a browser shows it, one line per block."""
    if node.tag in {"input", "textarea"}:
        value = node.attributes.get("value")
        if value is not None:
            return value
    lines = "".join(_parts(node)).split("\n")
    return "\n".join(x for line in lines if (x := _SPACES.sub(" ", line).strip(" ")))


def own_text(node: LexborNode) -> str:
    """Return the text of an element without that of the elements inside of it."""
    texts = (
        child.text_content or ""
        for child in node.iter(include_text=True)
        if child.is_text_node
    )
    return _SPACES.sub(" ", "".join(texts)).strip(" ")


def words(text: str) -> str:
    """Return `text` with each run of white space made one space."""
    return " ".join(text.split())


def _parts(root: LexborNode) -> Iterator[str]:
    # By hand: the depth of a page is not bounded as that of Python's stack is, and a
    # line ends where a block ends, which a flat walk does not tell.
    waiting: list[tuple[LexborNode | None, bool]] = [(root, root.tag in _KEPT)]
    while waiting:
        node, keeps = waiting.pop()
        if node is None:
            yield "\n"
        elif node.is_text_node:
            text = node.text_content or ""
            yield text if keeps else _SPACES.sub(" ", text)
        elif node.tag not in _UNSEEN or node == root:
            if node.tag in _LINES:
                yield "\n"
                waiting.append((None, False))
            keeps = keeps or node.tag in _KEPT
            children = [(child, keeps) for child in node.iter(include_text=True)]
            waiting.extend(reversed(children))


def _bare(selector: str) -> str:
    return _COMBINATORS.sub(r"\1", _LITERALS.sub("", selector)).strip()


def _is_costly(selector: str, structure: Structure) -> bool:
    parts = _bare(selector).split(",")
    return max(_cost(part, structure) for part in parts) > _MAX_COST


def _cost(part: str, structure: Structure) -> int:
    # The matcher tries every choice of ancestors for each element.
    ancestors = len(_SPACES.findall(part.strip()))
    ways = comb(max(structure.depth, ancestors), ancestors)
    repeats = part.count("~") + bool(_COUNTING.search(part))
    work: int = ways * structure.tags ** (1 + repeats)
    return work


def _no_selector(field: str, selector: str, what: str) -> RuleError:
    return RuleError(
        field=field,
        what=f"{selector[:100]!r} {what}",
        remedy="use a selector such as '#energy', 'table.meter td' or "
        "'td:lexbor-contains(\"Total\") + td'",
    )
