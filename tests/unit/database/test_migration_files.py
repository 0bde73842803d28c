"""Migration folders judged without a database."""

from __future__ import annotations

from pathlib import Path

import pytest

from nxforge_core.database import MigrationFileError
from nxforge_core.database._migration_files import check_statements, read_folder


def test_folder_is_read_in_order_with_rollbacks(tmp_path: Path) -> None:
    """Rollback files belong to their migration and are none themselves."""
    (tmp_path / "002_more.sql").write_text("SELECT 2;")
    (tmp_path / "001_init.sql").write_text("SELECT 1;")
    (tmp_path / "001_init.rollback.sql").write_text("SELECT -1;")
    (tmp_path / "__init__.py").touch()
    (tmp_path / "notes.txt").touch()
    files = read_folder("meter-a", tmp_path)
    assert [(file.id, file.rollback is not None) for file in files] == [
        ("001_init", True),
        ("002_more", False),
    ]


def test_checksum_does_not_depend_on_line_ends(tmp_path: Path) -> None:
    """A checkout with other line ends is no changed migration."""
    path = tmp_path / "001_init.sql"
    path.write_bytes(b"SELECT 1;\n\nSELECT 2;\n")
    unix = read_folder("meter-a", tmp_path)[0].sha256
    path.write_bytes(b"SELECT 1;\r\n\r\nSELECT 2;\r\n")
    assert read_folder("meter-a", tmp_path)[0].sha256 == unix


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("init.sql", "SELECT 1", "number, verb, object"),
        ("001_init.py", "step('SELECT 1')", "migrations are .sql files"),
        ("001_a.sql", "-- Transactional: false\nSELECT 1", "lower case"),
        ("001_a.sql", "-- transactional: no\nSELECT 1", "write true or false"),
        ("001_a.sql", "-- transactional: false\nSELECT 1", "001_a.rollback.sql"),
    ],
)
def test_file_that_would_be_misread_is_refused(
    tmp_path: Path, name: str, text: str, words: str
) -> None:
    """Each refusal names the plugin, the file and what to write."""
    (tmp_path / name).write_text(text)
    with pytest.raises(MigrationFileError, match=words) as refused:
        read_folder("meter-a", tmp_path)
    assert refused.value.plugin == "meter-a"
    assert refused.value.file == tmp_path / name


def test_folder_without_migrations_is_refused(tmp_path: Path) -> None:
    """Declared migrations that are not shipped are a packaging mistake."""
    with pytest.raises(MigrationFileError, match=r"no \.sql file"):
        read_folder("meter-a", tmp_path)
    with pytest.raises(MigrationFileError, match="does not exist"):
        read_folder("meter-a", tmp_path / "nowhere")


def test_transaction_control_is_found_with_its_line(tmp_path: Path) -> None:
    """At top level only: bodies have BEGIN and END of their own."""
    path = tmp_path / "001_init.sql"
    body = "DO $$\nBEGIN\n  NULL;\nEND $$;\n"
    check_statements("meter-a", path, body)
    with pytest.raises(MigrationFileError, match="COMMIT") as refused:
        check_statements("meter-a", path, body + "\n-- so\nCOMMIT;")
    assert refused.value.line == 7
