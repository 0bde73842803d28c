"""Which files of a plugin changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from nxforge_core.cli._file_watch import FileWatch


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a module and one of a page."""
    (tmp_path / "ui").mkdir()
    (tmp_path / "plugin.py").write_text("x = 1")
    (tmp_path / "ui" / "gauge.js").write_text("export default 1;")
    return tmp_path


def test_first_look_finds_nothing(folder: Path) -> None:
    """What is there at the start is no change, and neither is a second look."""
    watch = FileWatch()

    assert watch.changed(folder) == []
    assert watch.changed(folder) == []


def test_other_new_and_gone_files_are_told_once(folder: Path) -> None:
    """Each change is told by one look, by its path inside the folder."""
    watch = FileWatch()
    watch.changed(folder)
    (folder / "plugin.py").write_text("x = 12")
    (folder / "ui" / "gauge.js").unlink()
    (folder / "ui" / "dial.js").write_text("")

    assert watch.changed(folder) == [
        Path("plugin.py"),
        Path("ui/dial.js"),
        Path("ui/gauge.js"),
    ]
    assert watch.changed(folder) == []


@pytest.mark.parametrize(
    "name", ["__pycache__/plugin.pyc", ".git/index", ".plugin.py.swp", "plugin.py~"]
)
def test_what_editors_and_python_leave_is_no_change(folder: Path, name: str) -> None:
    """A plugin does not start anew for files that are not its own."""
    watch = FileWatch()
    watch.changed(folder)
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("left")

    assert watch.changed(folder) == []


def test_folder_that_went_is_all_its_files(folder: Path) -> None:
    """A plugin that is uninstalled meanwhile breaks no look."""
    watch = FileWatch()
    watch.changed(folder / "ui")
    (folder / "ui" / "gauge.js").unlink()
    (folder / "ui").rmdir()

    assert watch.changed(folder / "ui") == [Path("gauge.js")]
