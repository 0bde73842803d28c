"""The cell of a table under a header and in a row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from selectolax.lexbor import LexborNode

from ._errors import TooComplexError
from ._html import shown_text
from ._label import LabelMatch, comparison

__all__ = ["find_in_columns", "grid_of"]

_CELLS: Final = frozenset({"td", "th"})
_PARTS: Final = frozenset({"tbody", "tfoot", "thead"})
_MAX_SPAN: Final = 100
#: Cells of one page's tables, each counted as often as it spans.
_MAX_SLOTS: Final = 100_000

Grid = list[dict[int, LexborNode]]


def find_in_columns(
    root: LexborNode, header: str, match: LabelMatch, row: int | str
) -> tuple[list[str], int]:
    """Find the cells under a header.

    Args:
        root: Where to look for tables.
        header: What the cell at the top of the column says.
        match: How to compare it.
        row: Rows below the header, from 1; negative from the table's end; or what
            another cell of the row says.

    Returns:
        The text of each cell found, and how many columns have the header.
    """
    fits = comparison(header, match)
    values: list[str] = []
    columns = slots = 0
    for table in _tables(root):
        grid = grid_of(table, _MAX_SLOTS - slots)
        slots += sum(map(len, grid))
        for top, column in _headers(grid, fits):
            columns += 1
            values.extend(_cells(grid, top, column, row))
    return values, columns


def grid_of(table: LexborNode, room: int = _MAX_SLOTS) -> Grid:
    """The cells of a table by row and column, each in all places that it spans.

    Raises:
        TooComplexError: They span more than `room` places.
    """
    grid: Grid = []
    for index, row in enumerate(_rows(table)):
        column = 0
        for cell in row.iter():
            if cell.tag not in _CELLS:
                continue
            while len(grid) > index and column in grid[index]:
                column += 1
            width, height = _span(cell, "colspan"), _span(cell, "rowspan")
            room -= width * height
            if room < 0:
                raise TooComplexError(limit=f"{_MAX_SLOTS} cells of tables")
            _place(grid, cell, (index, column), (height, width))
            column += width
        while len(grid) <= index:
            grid.append({})
    return grid


def _tables(root: LexborNode) -> list[LexborNode]:
    inner = root.css("table")
    return [root] if root.tag == "table" and root not in inner else inner


def _rows(table: LexborNode) -> Iterator[LexborNode]:
    for child in table.iter():
        if child.tag == "tr":
            yield child
        elif child.tag in _PARTS:
            yield from (row for row in child.iter() if row.tag == "tr")


def _place(
    grid: Grid, cell: LexborNode, at: tuple[int, int], size: tuple[int, int]
) -> None:
    while len(grid) < at[0] + size[0]:
        grid.append({})
    for row in range(at[0], at[0] + size[0]):
        for column in range(at[1], at[1] + size[1]):
            grid[row].setdefault(column, cell)


def _span(cell: LexborNode, name: str) -> int:
    text = cell.attributes.get(name) or "1"
    fits = text.isascii() and text.isdigit()
    return max(1, min(int(text[:4]), _MAX_SPAN)) if fits else 1


def _headers(grid: Grid, fits: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    seen: set[int] = set()
    for index, row in enumerate(grid):
        for column, cell in row.items():
            if cell.mem_id not in seen:
                seen.add(cell.mem_id)
                if fits(shown_text(cell)):
                    yield index, column


def _cells(grid: Grid, top: int, column: int, row: int | str) -> Iterator[str]:
    below = grid[top + 1 :]
    if isinstance(row, str):
        fits = comparison(row, "exact")
        wanted = [each for each in below if _is_row(each, column, fits)]
    else:
        index = row - 1 if row > 0 else len(below) + row
        wanted = below[index : index + 1] if 0 <= index < len(below) else []
    for each in wanted:
        if column in each:
            yield shown_text(each[column])


def _is_row(
    row: dict[int, LexborNode], column: int, fits: Callable[[str], bool]
) -> bool:
    return any(fits(shown_text(cell)) for at, cell in row.items() if at != column)
