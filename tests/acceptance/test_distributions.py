"""What is in the files that users install."""

from __future__ import annotations

import os
import re
import tarfile
import zipfile
from email import message_from_string
from email.message import Message
from pathlib import Path

import pytest
from processes import ROOT

SOURCES = {
    "nxforge_core": ROOT / "nxforge_core",
    "nxforge_consumption_monitor": ROOT
    / "plugins/nxforge-consumption-monitor/src/nxforge_consumption_monitor",
    "nxforge_temperature_monitor": ROOT
    / "plugins/nxforge-temperature-monitor/src/nxforge_temperature_monitor",
}
PACKAGES = sorted(SOURCES)
#: Modules at the top level, beside the package.
BESIDE = {"nxforge_core": {"nxforge_pytest.py"}}


@pytest.fixture(scope="module")
def dist() -> Path:
    """The folder that `nox -s acceptance` builds into."""
    folder = os.environ.get("NXFORGE_TEST_DIST")
    if not folder:
        pytest.skip("NXFORGE_TEST_DIST names no folder: nox -s acceptance builds one")
    return Path(folder)


def wheel_of(dist: Path, package: str) -> zipfile.ZipFile:
    """The one wheel of a package."""
    (file,) = dist.glob(f"{package}-*.whl")
    return zipfile.ZipFile(file)


def metadata_of(wheel: zipfile.ZipFile) -> Message:
    """What an index shows."""
    (name,) = [each for each in wheel.namelist() if each.endswith("/METADATA")]
    return message_from_string(wheel.read(name).decode())


def files_of(folder: Path) -> set[str]:
    """What is kept in a source folder, relative to the one around it."""
    return {
        str(path.relative_to(folder.parent))
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.parametrize("package", PACKAGES)
def test_wheel_is_the_package_and_nothing_else(dist: Path, package: str) -> None:
    """Code, SQL, manifests and browser files are all there, and tests are not."""
    with wheel_of(dist, package) as wheel:
        names = {each for each in wheel.namelist() if ".dist-info/" not in each}

    assert names == files_of(SOURCES[package]) | BESIDE.get(package, set())
    assert f"{package}/py.typed" in names


@pytest.mark.parametrize("package", PACKAGES)
def test_metadata_says_what_an_index_shows(dist: Path, package: str) -> None:
    """Licence with its text, Python, a description, and the entry points."""
    with wheel_of(dist, package) as wheel:
        told = metadata_of(wheel)
        names = [each.partition(".dist-info/")[2] for each in wheel.namelist()]

    assert told["License-Expression"] == "MIT"
    assert told["Requires-Python"] == ">=3.11"
    assert told["Description-Content-Type"] == "text/markdown"
    assert len(str(told.get_payload())) > 200
    assert "licenses/LICENSE" in names
    assert "entry_points.txt" in names


@pytest.mark.parametrize("package", PACKAGES)
def test_source_distribution_holds_what_the_wheel_does(
    dist: Path, package: str
) -> None:
    """The wheel was made of it; its licence and its description came along."""
    (file,) = dist.glob(f"{package}-*.tar.gz")
    with tarfile.open(file) as archive:
        names = {each.partition("/")[2] for each in archive.getnames()}

    inside = {re.sub(r"^src/", "", each) for each in names}
    assert files_of(SOURCES[package]) <= inside
    assert {"LICENSE", "README.md", "pyproject.toml"} <= names
    assert not any(each.startswith("tests/") for each in names)
