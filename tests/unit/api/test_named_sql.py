"""Statements in `.sql` files, by name."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from nxforge_core.api import SqlFileError, load_sql


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An importable package with an empty folder for statements."""
    name = f"sql_{tmp_path.name.replace('-', '_')}"
    folder = tmp_path / name / "sql"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").touch()
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    return folder


def test_statements_are_attributes(package: Path) -> None:
    """Each name has its statement, comments included, across files."""
    (package / "a.sql").write_text(
        "-- Of meters.\n-- name: one\n-- The first.\nselect 1;\n\n"
        "-- name: two\nselect 'a;b';\n"
    )
    (package / "b.sql").write_text("-- name: three\nselect 3;\n")

    sql = load_sql(package.parent.name)

    assert sql.one == "-- The first.\nselect 1;"
    assert sql.two == "select 'a;b';"
    assert sql.three == "select 3;"


def test_unknown_name_is_an_attribute_error(package: Path) -> None:
    """A misspelt statement fails where it is used."""
    (package / "a.sql").write_text("-- name: one\nselect 1;\n")

    with pytest.raises(AttributeError, match="on"):
        _ = load_sql(package.parent.name).on


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("select 1;\n-- name: one\nselect 1;", "a.sql: has text before the first name"),
        ("-- name: one\nselect 1;\n-- name: one\nselect 2;", "names 'one' a second"),
    ],
)
def test_wrong_file_is_refused_with_its_name(
    package: Path, text: str, words: str
) -> None:
    """The error names the file and what is wrong with it."""
    (package / "a.sql").write_text(text)

    with pytest.raises(SqlFileError, match=words):
        load_sql(package.parent.name)


def test_folder_without_statements_is_refused(package: Path) -> None:
    """A folder left out of a wheel is found at import, not at the first query."""
    with pytest.raises(SqlFileError, match=r"holds no \.sql file"):
        load_sql(package.parent.name)
