"""Many endpoints from one text: a JSON array, or CSV with members as columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from nxforge_consumption_monitor.models import EndpointBody
from nxforge_core.api import UsageError, bare_cell

__all__ = [
    "AUTH_COLUMNS",
    "BulkRow",
    "BulkRowError",
    "BulkTextError",
    "rows_of",
]

#: Cells that hold JSON.
_JSON: Final = frozenset({"rules", "headers", "browserSteps", "expect", "authOptions"})
#: Columns of the login; together they are the member `auth`.
AUTH_COLUMNS: Final = {
    "authType": "type",
    "username": "username",
    "secret": "secret",
    "authOptions": "options",
}
_KNOWN: Final = frozenset(
    field.encode_name for field in msgspec.structs.fields(EndpointBody)
)
_OWN: Final = frozenset({"template", "group", *AUTH_COLUMNS}) | _KNOWN


class BulkTextError(UsageError):
    """A text that is no list of endpoints."""

    code = "bulk_text"

    def __init__(self, what: str) -> None:
        super().__init__(
            f"this is no list of endpoints: {what}",
            remedy="send a JSON array of what POST /endpoints takes, or CSV whose "
            "header has such names; GET /endpoints/export shows both",
        )


class BulkRowError(UsageError):
    """A row that is no endpoint."""

    code = "bulk_row"

    def __init__(self, what: str) -> None:
        super().__init__(what, remedy="correct the row; the others are not concerned")


class BulkRow(msgspec.Struct, frozen=True):
    """One endpoint as it came.

    Attributes:
        number: Line of a CSV file, place in an array, from 1.
        members: Of `POST /endpoints`, beside them `template` and `group`.
        error: Why it could not even be read.
    """

    number: int
    members: dict[str, Any]
    error: str = ""


def rows_of(text: str, *, is_json: bool) -> Iterator[BulkRow]:
    """Read the rows of a text.

    Raises:
        BulkTextError: it is no list, or a column has no meaning.
    """
    return _json_rows(text) if is_json else _csv_rows(text)


def _json_rows(text: str) -> Iterator[BulkRow]:
    try:
        items = msgspec.json.decode(text, type=list[dict[str, Any]])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BulkTextError(str(error)) from error
    for number, members in enumerate(items, 1):
        yield BulkRow(number, members)


def _csv_rows(text: str) -> Iterator[BulkRow]:
    lines = io.StringIO(text.removeprefix("\ufeff"), newline="")
    first = lines.readline()
    lines.seek(0)
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.DictReader(lines, delimiter=delimiter)
    try:
        _check_columns(reader.fieldnames or ())
        for cells in reader:
            yield _csv_row(reader.line_num, cells)
    except csv.Error as error:
        raise BulkTextError(str(error)) from error


def _check_columns(names: Any) -> None:
    unknown = [name for name in names if name not in _OWN]
    if unknown or "name" not in names:
        what = (
            f"unknown columns {', '.join(map(repr, unknown))}"
            if unknown
            else ("it has no column 'name'")
        )
        raise BulkTextError(what)


def _csv_row(number: int, cells: Mapping[str | None, Any]) -> BulkRow:
    if None in cells:
        return BulkRow(number, {}, "it has more cells than the header")
    members: dict[str, Any] = {}
    auth: dict[str, Any] = {}
    for name, cell in cells.items():
        text = bare_cell((cell or "").strip())
        if not text or name is None:
            continue
        try:
            value = msgspec.json.decode(text) if name in _JSON else text
        except msgspec.DecodeError as error:
            return BulkRow(number, members, f"{name} is no JSON: {error}")
        if name in AUTH_COLUMNS:
            auth[AUTH_COLUMNS[name]] = value
        else:
            members[name] = value
    if auth.get("type", "none") != "none":
        members["auth"] = auth
    return BulkRow(number, members)
