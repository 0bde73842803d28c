"""Migration files as they lie in a plugin's folder, judged without a database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from ._migration_errors import (
    MigrationFileError,
)

__all__ = ["MigrationFile", "check_statements", "read_folder", "skip_comments"]

_NAME: Final = re.compile(r"\d{3,}(?:[_-][a-z0-9]+)*\Z")
_ROLLBACK: Final = ".rollback.sql"
_DIRECTIVE: Final = re.compile(
    r"\s*--\s*(?P<key>transactional|depends)\s*:\s*(?P<value>.*?)\s*\Z", re.IGNORECASE
)
_COMMENTS: Final = re.compile(r"(?:\s+|--[^\n]*(?:\n|\Z)|/\*.*?\*/)*", re.DOTALL)
_TRANSACTION_CONTROL: Final = re.compile(
    r"(?:begin|commit|end|rollback|abort|savepoint|release|start\s+transaction"
    r"|prepare\s+transaction)\b",
    re.IGNORECASE,
)

_LOCK_TIMEOUT: Final = re.compile(
    r"(?:set(?:\s+(?:session|local))?|reset)\s+lock_timeout\b", re.IGNORECASE
)


class MigrationFile(msgspec.Struct, frozen=True, kw_only=True):
    """One numbered `.sql` file.

    Attributes:
        id: The file's name without `.sql`.
        sha256: Of the text with Unix line ends, in hexadecimal.
        transactional: False for what PostgreSQL refuses inside a transaction.
        rollback: The file that undoes it, where the plugin ships one.
    """

    id: str
    path: Path
    text: str
    sha256: str
    transactional: bool
    rollback: Path | None


def read_folder(plugin: str, folder: Path) -> tuple[MigrationFile, ...]:
    """Read all migrations of a plugin, in the order of their names.

    Raises:
        MigrationFileError: no file at all, a name without number, Python instead of
            SQL, a directive yoyo would misread, no undo where one is needed.
    """
    if not folder.is_dir():
        raise MigrationFileError(plugin, folder, 0, "the folder does not exist")
    paths = sorted(
        path
        for path in folder.iterdir()
        if path.suffix in {".sql", ".py"}
        and path.name != "__init__.py"
        and not path.name.endswith(_ROLLBACK)
    )
    if not paths:
        raise MigrationFileError(plugin, folder, 0, "the folder holds no .sql file")
    return tuple(_read(plugin, path) for path in paths)


def check_statements(plugin: str, path: Path, text: str) -> None:
    """Refuse what is the host's: transactions, and how long a lock is waited for.

    Raises:
        MigrationFileError: naming the line.
    """
    import sqlparse  # noqa: PLC0415 - 20 ms, and most starts have nothing pending

    offset = 0
    for statement in sqlparse.split(text):
        offset = max(text.find(statement, offset), offset)
        start = skip_comments(statement)
        if found := _TRANSACTION_CONTROL.match(statement, start):
            line = text.count("\n", 0, offset + start) + 1
            what = f"{found[0].upper()} at top level; the host's transaction is enough"
            raise MigrationFileError(plugin, path, line, what)
        if _LOCK_TIMEOUT.match(statement, start):
            line = text.count("\n", 0, offset + start) + 1
            what = "lock_timeout is the host's to set: no migration may wait for ever"
            raise MigrationFileError(plugin, path, line, what)
        offset += len(statement)


def skip_comments(statement: str) -> int:
    """Answer where the first word of a statement begins."""
    match = _COMMENTS.match(statement)
    return match.end() if match else 0


def _read(plugin: str, path: Path) -> MigrationFile:
    if path.suffix != ".sql":
        raise MigrationFileError(plugin, path, 0, "migrations are .sql files")
    if not _NAME.match(path.stem):
        what = "name it number, verb, object: 001_create_readings.sql"
        raise MigrationFileError(plugin, path, 0, what)
    # Text mode: line ends of a checkout on another system are no change.
    text = path.read_text("utf-8")
    rollback = path.with_name(path.stem + _ROLLBACK)
    file = MigrationFile(
        id=path.stem,
        path=path,
        text=text,
        sha256=sha256(text.encode()).hexdigest(),
        transactional=_is_transactional(plugin, path, text),
        rollback=rollback if rollback.is_file() else None,
    )
    if not file.transactional and file.rollback is None:
        what = f"it is not transactional, so it needs {rollback.name} as its undo"
        raise MigrationFileError(plugin, path, 0, what)
    return file


def _is_transactional(plugin: str, path: Path, text: str) -> bool:
    transactional = True
    for number, key, value in _directives(text):
        if key != key.lower():
            what = f"write {key.lower()!r} in lower case"
            raise MigrationFileError(plugin, path, number, what)
        if key == "transactional":
            if value not in {"true", "false"}:
                what = f"transactional is {value!r}; write true or false"
                raise MigrationFileError(plugin, path, number, what)
            transactional = value == "true"
    return transactional


def _directives(text: str) -> Iterator[tuple[int, str, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.lstrip().startswith("--"):
            return
        if match := _DIRECTIVE.match(line):
            yield number, match["key"], match["value"]
