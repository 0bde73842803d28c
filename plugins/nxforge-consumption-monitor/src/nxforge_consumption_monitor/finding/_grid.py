"""What stands above a cell and beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborNode

from nxforge_consumption_monitor.extract import TooComplexError, grid_of, shown_text

__all__ = ["headers_of"]

_MAX_LABEL: Final = 100
_MAX_ROOM: Final = 5_000


def headers_of(cell: LexborNode) -> Iterator[tuple[str, int | str]]:
    """Header and row of a cell: by the row's own label, and by its number."""
    table = cell.parent
    while table is not None and table.tag != "table":
        table = table.parent
    if table is None:
        return
    try:
        grid = grid_of(table, _MAX_ROOM)
    except TooComplexError:
        return
    places = [(r, c) for r, row in enumerate(grid) for c in row if row[c] == cell]
    for index, column in places[:1]:
        header = _words(grid[0].get(column)) if index else ""
        if not header:
            return
        labels = (_words(other) for at, other in grid[index].items() if at != column)
        label = next(filter(None, labels), "")
        if label:
            yield header, label
        yield header, index


def _words(cell: LexborNode | None) -> str:
    text = "" if cell is None else " ".join(shown_text(cell).split()).rstrip(" :")
    is_label = len(text) <= _MAX_LABEL and any(c.isalpha() for c in text)
    return text if is_label and not text[:1].isdigit() else ""
