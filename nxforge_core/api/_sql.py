"""Named SQL: statements lie in `.sql` files, one name and one sentence each."""

from __future__ import annotations

import re
from importlib.resources import files
from types import SimpleNamespace
from typing import Final

from .errors import NxForgeError

__all__ = ["NamedSql", "SqlFileError", "load_sql"]

_HEAD: Final = re.compile(r"^-- name: (?P<name>[a-z][a-z0-9_]*) *$", re.MULTILINE)


class SqlFileError(NxForgeError):
    """A `.sql` file does not follow the form."""

    code = "sql_file"

    def __init__(self, *, file: str, what: str) -> None:
        super().__init__(
            f"{file}: {what}",
            remedy="begin each statement with '-- name: snake_case', each name once",
        )
        self.file = file


class NamedSql(SimpleNamespace):
    """Statements by name, as attributes.

    Raises:
        AttributeError: no statement has the name.
    """

    def __getattr__(self, name: str) -> str:
        raise AttributeError(name)


def load_sql(package: str, folder: str = "sql") -> NamedSql:
    """Load the statements of all `.sql` files in a folder of a package.

    Each statement begins with a line `-- name: the_name`; comment lines after it say
    what it does. The text up to the next name is the statement.

    Args:
        package: Importable package, usually `__package__`.
        folder: Folder inside it.

    Raises:
        SqlFileError: text before the first name, a name twice, or no file at all.
    """
    found: dict[str, str] = {}
    entries = files(package).joinpath(folder)
    sources = sorted(
        (entry.name, entry.read_text("utf-8"))
        for entry in (entries.iterdir() if entries.is_dir() else ())
        if entry.name.endswith(".sql")
    )
    if not sources:
        raise SqlFileError(file=f"{package}/{folder}", what="holds no .sql file")
    for name, text in sources:
        _add(found, name, text)
    return NamedSql(**found)


def _add(found: dict[str, str], file: str, text: str) -> None:
    preamble, *rest = _HEAD.split(text)
    if any(line and not line.startswith("--") for line in preamble.splitlines()):
        raise SqlFileError(file=file, what="has text before the first name")
    for name, statement in zip(rest[::2], rest[1::2], strict=True):
        if name in found:
            raise SqlFileError(file=file, what=f"names {name!r} a second time")
        found[name] = statement.strip()
