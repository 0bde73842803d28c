"""How deep a page nests, without building its tree.

An HTML parser needs time and memory that grow with the square of the number of open
elements; a page of 500 kB can hold 100,000 of them, or make the parser build millions.
The model here keeps each element of the page until the standard certainly closes it;
the parser has no more open than that, but for what it adds itself (a row brings its
table section). Fuzzed against the tree the parser builds.

Real pages forget end tags. As long as a page is *regular* (tables contain rows, rows
contain cells, no second form inside of a form...), the standard's way of closing what
was forgotten is followed; behind the first irregular place only an end tag that matches
the innermost element closes anything, and the rest of the page counts strictly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

from ._elements import (
    BETWEEN_ROWS,
    CELLS,
    CLOSED_AT_TOP,
    CLOSED_BY,
    ENDS_ITSELF,
    FORMATTING,
    HEADINGS,
    IGNORED,
    IMPLIED_END,
    IN_SELECT,
    IRREGULAR,
    REACHING,
    SCOPE,
    SELECT_FAMILY,
    SHAPES,
    SPECIAL,
    TABLE_CONTEXT,
    TABLE_PARENTS,
    UNIQUE,
    VOID,
)
from ._errors import TooComplexError
from ._markup import Tag

__all__ = ["MAX_OPEN", "MAX_REBUILT", "Nesting"]

MAX_OPEN: Final = 512
#: Elements the parser may build a second time, because a formatting element was
#: not closed (`<p><b>x</p><p>y` makes two b), summed over the page.
MAX_REBUILT: Final = 200_000
#: How far an end tag looks for its start tag; bounds the time of the scan.
_REACH: Final = 32
#: The end tag of a formatting element reaches out of this many elements; the standard
#: gives up after eight.
_ADOPTED: Final = 6


class _Lost(NamedTuple):
    """A formatting element that was closed with what contained it."""

    name: str
    height: int


class Nesting:
    """The open elements, innermost last, and formatting that outlives its element."""

    def __init__(self) -> None:
        self._stack: list[Tag] = []
        self._open: Counter[str] = Counter()
        self._lost: list[_Lost] = []
        self._marks: list[int] = []
        self._active = 0
        self._rebuilt = 0
        self._regular = True
        self._framed = False
        self._has_form = False

    @property
    def depth(self) -> int:
        """Open elements, and formatting the parser will open again."""
        return len(self._stack) + len(self._lost)

    def skips_raw_text(self) -> bool:
        """Whether the content of a script is text here."""
        return not (self._foreign or self._open["select"] or self._framed)

    @property
    def _foreign(self) -> bool:
        return self._open["math"] > 0 or self._open["svg"] > 0

    def open(self, tag: Tag) -> None:
        """Take a start tag."""
        self._spend()
        if tag.name in IGNORED and not self._foreign:
            return
        self._framed = self._framed or tag.name == "frameset"
        if tag.name in ENDS_ITSELF and self._regular:
            self.close(tag.name)
        self._close_implied(tag.name)
        self._judge(tag.name)
        self._has_form = self._has_form or tag.name == "form"
        if not self._is_closed_at_once(tag):
            self._push(tag)
        if self.depth > MAX_OPEN:
            raise TooComplexError(limit=f"{MAX_OPEN} open elements")

    def close(self, name: str) -> None:
        """Take an end tag."""
        self._spend()
        if name == "form":
            self._close_form()
        elif self._stack and self._stack[-1].name == name:
            self._pop(own=True)
        elif self._regular:
            self._close_regular(name)

    def _spend(self) -> None:
        self._rebuilt += self._active
        if self._rebuilt > MAX_REBUILT:
            raise TooComplexError(limit=f"{MAX_REBUILT} repeated formatting elements")

    def _push(self, tag: Tag) -> None:
        self._stack.append(tag)
        self._open[tag.name] += 1
        if tag.name in FORMATTING:
            self._active += 1
        elif tag.name in CELLS:
            self._marks.append(len(self._lost))

    def _pop(self, *, own: bool, index: int = -1) -> None:
        tag = self._stack.pop(index)
        self._open[tag.name] -= 1
        self._lower_lost()
        if tag.name in CELLS:
            self._end_cell(self._marks.pop())
        elif tag.name in FORMATTING and own:
            self._active -= 1
        elif tag.name in FORMATTING:
            self._lost.append(_Lost(tag.name, len(self._stack)))

    def _lower_lost(self) -> None:
        height = len(self._stack)
        for index in range(len(self._lost) - 1, -1, -1):
            if self._lost[index].height <= height:
                return
            self._lost[index] = _Lost(self._lost[index].name, height)

    def _end_cell(self, mark: int) -> None:
        # Formatting that a cell left open ends with the cell.
        if self._regular and len(self._lost) > mark:
            self._active -= len(self._lost) - mark
            del self._lost[mark:]

    def _close_implied(self, name: str) -> None:
        if self._foreign or (name == "form" and self._open[name]):
            return
        for closed in CLOSED_BY.get(name, ()):
            if self._stack and self._stack[-1].name in closed:
                self._pop(own=False)
            elif self._regular and closed not in CLOSED_AT_TOP:
                self._close_within(closed, name)

    def _close_within(self, closed: frozenset[str], name: str) -> None:
        if self._any_open(closed):
            self._pop_to(closed, _BUTTON_BARRIER if "p" in closed else _barrier(name))

    def _judge(self, name: str) -> None:
        parent = self._stack[-1].name if self._stack else ""
        if name in TABLE_PARENTS:
            misplaced = parent not in TABLE_PARENTS[name]
        else:
            misplaced = parent in TABLE_CONTEXT and name not in BETWEEN_ROWS
        strange = (
            misplaced
            or name in IRREGULAR
            or (name in UNIQUE and self._open[name] > 0)
            or (self._open["select"] > 0 and name not in IN_SELECT)
            or (self._open["svg"] > 0 and name not in SHAPES)
        )
        self._regular = self._regular and not strange

    def _is_closed_at_once(self, tag: Tag) -> bool:
        if tag.name in VOID and not self._foreign:
            return True
        if not self._regular:
            return False
        parent = self._stack[-1].name if self._stack else ""
        return (tag.is_void and self._open["svg"] > 0) or (
            tag.name == "form" and parent in TABLE_CONTEXT
        )

    def _close_regular(self, name: str) -> None:
        names = HEADINGS if name in HEADINGS else frozenset({name})
        if self._foreign or (self._open["select"] and name not in SELECT_FAMILY):
            self._regular = False
        elif self._forget_lost(name) or not self._any_open(names):
            return
        elif not self._pop_to(names, _end_barrier(name)) and name in FORMATTING:
            self._remove(name, SCOPE)

    def _close_form(self) -> None:
        # The parser remembers one form. Its end tag closes that one where it stands,
        # leaving what is inside open, and the next end tag is ignored.
        is_known, self._has_form = self._has_form, False
        if is_known and self._stack and self._stack[-1].name == "form":
            self._pop(own=True)
        elif self._foreign or self._open["select"]:
            self._regular = False
        elif is_known and self._regular:
            self._remove("form", SCOPE)

    def _any_open(self, names: frozenset[str]) -> bool:
        return any(self._open[each] for each in names)

    def _forget_lost(self, name: str) -> bool:
        mark = self._marks[-1] if self._marks else 0
        for index in range(len(self._lost) - 1, mark - 1, -1):
            if self._lost[index].name == name:
                lost = self._lost.pop(index)
                self._active -= 1
                self._regular = self._is_adoptable(lost.height)
                return True
        return False

    def _is_adoptable(self, height: int) -> bool:
        # With other elements above, it depends on the text between what is closed.
        above = self._stack[height:]
        return len(above) <= _ADOPTED and all(t.name in SPECIAL for t in above)

    def _pop_implied(self) -> None:
        while self._stack[-1].name in IMPLIED_END:
            self._pop(own=False)

    def _remove(self, name: str, barrier: frozenset[str]) -> None:
        for index in self._within_reach(barrier):
            if self._stack[index].name == name:
                if name in FORMATTING:
                    self._regular = len(self._stack) - index <= _ADOPTED
                else:
                    self._pop_implied()
                self._pop(own=True, index=index)
                return

    def _pop_to(self, names: frozenset[str], barrier: frozenset[str]) -> bool:
        for index in self._within_reach(barrier - names):
            if self._stack[index].name in names:
                while len(self._stack) > index + 1:
                    self._pop(own=False)
                self._pop(own=True)
                return True
        return False

    def _within_reach(self, barrier: frozenset[str]) -> Iterator[int]:
        innermost = len(self._stack) - 1
        for index in range(innermost, -1, -1):
            if self._stack[index].name in barrier:
                return
            if innermost - index >= _REACH:
                self._regular = False
                return
            yield index


_TABLE_BARRIER: Final = frozenset({"table", "template"})
_ITEM_BARRIER: Final = SPECIAL - {"address", "div", "p"}
_BUTTON_BARRIER: Final = SCOPE | {"button"}
_LIST_BARRIER: Final = SCOPE | {"ol", "ul"}


def _barrier(name: str) -> frozenset[str]:
    if name in TABLE_PARENTS:
        return _TABLE_BARRIER
    return _ITEM_BARRIER if name in {"dd", "dt", "li"} else _BUTTON_BARRIER


def _end_barrier(name: str) -> frozenset[str]:
    if name in TABLE_PARENTS or name == "table":
        return _TABLE_BARRIER
    if name == "li":
        return _LIST_BARRIER
    if name == "p":
        return _BUTTON_BARRIER
    return SCOPE if name in REACHING else SPECIAL
