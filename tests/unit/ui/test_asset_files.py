"""Files of plugins for browsers: those in their folder, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from nxforge_core.ui import Bundle, bundle_of


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A plugin's package, with a secret beside its folder for browsers."""
    made = tmp_path / "meter"
    (made / "ui" / "parts").mkdir(parents=True)
    (made / "ui" / "main.js").write_text("main")
    (made / "ui" / "parts" / "dial.js").write_text("dial")
    (made / "secret.json").write_text("secret")
    (tmp_path / "other.json").write_text("secret")
    return made


@pytest.fixture
def bundle(package: Path) -> Bundle:
    """Its files."""
    return bundle_of("meter", package)


def test_files_below_the_folder_are_served(bundle: Bundle) -> None:
    """By the path from it."""
    assert sorted(bundle.files) == ["main.js", "parts/dial.js"]


@pytest.mark.parametrize(
    "path",
    [
        "../secret.json",
        "parts/../../secret.json",
        "./../secret.json",
        "..\\secret.json",
        "%2e%2e/secret.json",
        "%2e%2e%2fsecret.json",
        "..%2fsecret.json",
        "%252e%252e/secret.json",
        "..%c0%afsecret.json",
        "....//secret.json",
        "/etc/passwd",
        "//etc/passwd",
        "parts//dial.js",
        "main.js\0.json",
        "main.js%00",
        "MAIN.JS",
        "main.js/",
        "main.js ",
        "parts",
        "",
        ".",
        "~/main.js",
        "file:///etc/passwd",
        "C:\\Windows\\win.ini",
    ],
)
def test_no_spelling_leads_out_of_the_folder(bundle: Bundle, path: str) -> None:
    """Paths are looked for among the files that were read, and on no disk."""
    assert bundle.find(bundle.digest, path) is None


@pytest.mark.parametrize("target", ["../secret.json", "../../other.json", "main.js"])
def test_links_to_files_are_left_out(package: Path, target: str) -> None:
    """Wherever they lead."""
    (package / "ui" / "link.json").symlink_to(target)

    assert "link.json" not in bundle_of(f"meter-{target}", package).files


@pytest.mark.parametrize("target", ["..", ".", "/etc", "../.."])
def test_links_to_folders_are_left_out(package: Path, target: str) -> None:
    """Neither does one that leads round in circles hang anything."""
    (package / "ui" / "more").symlink_to(target)

    found = bundle_of(f"meter-{target}", package).files
    assert sorted(found) == ["main.js", "parts/dial.js"]


def test_folder_that_is_a_link_has_no_files(package: Path, tmp_path: Path) -> None:
    """It would be somebody else's."""
    other = tmp_path / "thermometer"
    other.mkdir()
    (other / "ui").symlink_to(package / "ui")

    assert bundle_of("thermometer", other).files == {}


def test_files_that_browsers_do_not_know_are_left_out(package: Path) -> None:
    """Code, notes and what is hidden."""
    for name in ("plugin.py", ".env", "notes.txt", "page.html", "noext"):
        (package / "ui" / name).write_text("x")
    (package / "ui" / ".git").mkdir()
    (package / "ui" / ".git" / "config.json").write_text("x")

    found = bundle_of("meter-odd", package).files
    assert sorted(found) == ["main.js", "parts/dial.js"]
