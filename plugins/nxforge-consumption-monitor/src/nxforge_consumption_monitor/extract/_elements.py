"""What the HTML standard says about elements, as far as nesting depends on it."""

from __future__ import annotations

from typing import Final

__all__ = [
    "BETWEEN_ROWS",
    "CELLS",
    "CLOSED_AT_TOP",
    "CLOSED_BY",
    "ENDS_ITSELF",
    "FORMATTING",
    "HEADINGS",
    "IGNORED",
    "IMPLIED_END",
    "IN_SELECT",
    "IRREGULAR",
    "REACHING",
    "SCOPE",
    "SELECT_FAMILY",
    "SHAPES",
    "SPECIAL",
    "TABLE_CONTEXT",
    "TABLE_PARENTS",
    "UNIQUE",
    "VOID",
]


def _words(names: str) -> frozenset[str]:
    return frozenset(names.split())


#: Never open: no content, or the parser keeps one of them whatever the page says.
VOID: Final = _words(
    "area base basefont bgsound br col embed frame hr img image input keygen link "
    "meta param source track wbr"
)
IGNORED: Final = frozenset({"body", "head", "html"})
FORMATTING: Final = _words("a b big code em font i nobr s small strike strong tt u")
HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
CELLS: Final = frozenset({"td", "th"})
_SECTIONS: Final = frozenset({"tbody", "tfoot", "thead"})
#: End tags do not reach through these.
SCOPE: Final = _words(
    "applet caption marquee math object select svg table td template th"
)
_BLOCKS: Final = _words(
    "address article aside blockquote center details dialog dir div dl fieldset "
    "figcaption figure footer header hgroup listing main menu nav ol p pre search "
    "section summary ul"
)
#: An end tag of an ordinary element does not reach through these.
SPECIAL: Final = (
    SCOPE
    | _BLOCKS
    | HEADINGS
    | _SECTIONS
    | _words("button colgroup dd dt form li noscript tr")
)
#: Whose end tags do.
REACHING: Final = _BLOCKS | HEADINGS | {"button", "dd", "dt", "li"}
_P: Final = frozenset({"p"})
_CELL: Final = CELLS | {"caption", "colgroup"}
_ROW: Final = frozenset({"tr"})
_OPTION: Final = frozenset({"option"})
#: What a start tag closes: one element of each set, in this order.
CLOSED_BY: Final[dict[str, tuple[frozenset[str], ...]]] = {
    **dict.fromkeys(_BLOCKS | {"form", "hr", "table", "xmp"}, (_P,)),
    **dict.fromkeys(HEADINGS, (_P, HEADINGS)),
    **dict.fromkeys(("dd", "dt"), (frozenset({"dd", "dt"}), _P)),
    **dict.fromkeys(("optgroup", "option"), (_OPTION,)),
    "li": (frozenset({"li"}), _P),
    **dict.fromkeys(CELLS, (_CELL,)),
    "tr": (_CELL, _ROW),
    **dict.fromkeys((*_SECTIONS, "caption", "colgroup"), (_CELL, _ROW, _SECTIONS)),
}
#: These are closed where they are innermost only, the others from within as well.
CLOSED_AT_TOP: Final = (HEADINGS, _OPTION)
TABLE_CONTEXT: Final = _SECTIONS | {"table", "tr"}
#: Where a part of a table stands in a regular page.
TABLE_PARENTS: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys(CELLS, TABLE_CONTEXT),
    "tr": _SECTIONS | {"table"},
    **dict.fromkeys((*_SECTIONS, "caption", "colgroup"), frozenset({"table"})),
}
#: A second one inside of the first closes or is ignored, in ways we do not follow.
UNIQUE: Final = frozenset({"a", "button", "form", "nobr", "select"})
#: What a select contains in a regular page.
IN_SELECT: Final = frozenset({"hr", "optgroup", "option"})
#: What the end tag of a form closes on its way.
IMPLIED_END: Final = _words("dd dt li optgroup option p")
SELECT_FAMILY: Final = frozenset({"optgroup", "option", "select"})
#: A second one ends the first as its end tag would.
ENDS_ITSELF: Final = frozenset({"a", "nobr"})
#: May stand between rows without harm.
BETWEEN_ROWS: Final = VOID | {"form", "script", "style"}
#: After these the parser works by rules we do not follow.
IRREGULAR: Final = _words("applet frameset marquee math object plaintext template")
#: Elements of svg that have no HTML inside; `<path/>` is closed by its slash.
SHAPES: Final = _words(
    "circle clippath defs ellipse g line lineargradient mask path pattern polygon "
    "polyline radialgradient rect stop svg symbol text tspan use"
)
