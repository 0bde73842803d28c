"""Which plugin: an installed one by its name, a folder, or a wheel."""

from __future__ import annotations

import importlib
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from importlib.metadata import Distribution
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from packaging.utils import canonicalize_name

from nxforge_core.api import NxForgeError, UsageError
from nxforge_core.plugins import forget_modules
from nxforge_core.plugins._entries import read_entries

__all__ = ["NoSubjectError", "NotBuiltError", "Subject", "open_subject"]

_BUILD: Final = """
import importlib, sys, tomllib
from pathlib import Path
system = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["build-system"]
sys.path[:0] = system.get("backend-path", [])
name, _, inside = system["build-backend"].partition(":")
backend = importlib.import_module(name)
for part in filter(None, inside.split(".")):
    backend = getattr(backend, part)
backend.build_wheel(sys.argv[1])
"""


class NoSubjectError(UsageError):
    """There is no plugin of that name, and no folder or wheel with one."""

    code = "no_plugin_there"

    def __init__(self, given: str, what: str) -> None:
        super().__init__(
            f"{given!r} {what}",
            remedy="give the id of an installed plugin, its distribution's name, a "
            "folder with a pyproject.toml, or a wheel",
        )


class NotBuiltError(NxForgeError):
    """The folder's build backend made no wheel."""

    code = "not_built"

    def __init__(self, folder: Path, said: str) -> None:
        last = said.strip().splitlines()[-1:] or ["its build backend said nothing"]
        super().__init__(
            f"no wheel could be built of {folder}: {last[0]}",
            remedy="install what [build-system] of its pyproject.toml requires into "
            "this environment, or give a wheel",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A plugin that is to be examined.

    Attributes:
        distribution: What it came from; None where nobody knows.
        distributions: What is installed for its host: it and what it requires.
        others: Everything else that brings plugins.
    """

    id: str
    distributions: Sequence[Distribution]
    distribution: Distribution | None = None
    others: Sequence[Distribution] = ()


@contextmanager
def open_subject(given: str) -> Iterator[Subject]:
    """Find the plugin, and make it importable for as long as the block.

    Raises:
        NoSubjectError: nothing there is a plugin.
        NotBuiltError: the folder's build backend made no wheel of it.
    """
    path = Path(given)
    if path.suffix == ".whl" and path.is_file():
        with _unpacked(path, given) as subject:
            yield subject
    elif (path / "pyproject.toml").is_file():
        with _wheel_of(path) as wheel, _unpacked(wheel, given) as subject:
            yield subject
    else:
        yield _installed(given)


def _installed(given: str) -> Subject:
    every = [each for each in metadata.distributions() if read_entries([each])]
    for each in every:
        (entry, *_) = read_entries([each])
        if given == entry.id or canonicalize_name(given) == each.name:
            return _subject(entry.id, each, every)
    raise NoSubjectError(given, "is no installed plugin, no folder and no wheel")


@contextmanager
def _unpacked(wheel: Path, given: str) -> Iterator[Subject]:
    """The wheel's files on the path, in front of what is installed."""
    with TemporaryDirectory(prefix="nxforge-check-") as folder:
        with zipfile.ZipFile(wheel) as packed:
            packed.extractall(folder)
        found = list(metadata.distributions(path=[folder]))
        if not found or not (entries := read_entries(found)):
            raise NoSubjectError(given, "brings no entry point in nxforge.plugins")
        every = [each for each in metadata.distributions() if read_entries([each])]
        _forget_package(entries[0].module.partition(".")[0])
        sys.path.insert(0, folder)
        importlib.invalidate_caches()
        try:
            yield _subject(entries[0].id, found[0], every)
        finally:
            sys.path.remove(folder)
            forget_modules(Path(folder))
            importlib.invalidate_caches()


def _forget_package(package: str) -> None:
    """Another copy of it may have been imported: the one that is installed."""
    for name in [*sys.modules]:
        if name.partition(".")[0] == package:
            del sys.modules[name]


def _subject(plugin: str, own: Distribution, every: Sequence[Distribution]) -> Subject:
    """The plugin with all that is installed, but for another copy of itself."""
    rest = [each for each in every if each.name != own.name]
    return Subject(id=plugin, distribution=own, distributions=[own, *rest], others=rest)


@contextmanager
def _wheel_of(project: Path) -> Iterator[Path]:
    with TemporaryDirectory(prefix="nxforge-wheel-") as folder:
        yield _built(project, Path(folder))


def _built(project: Path, folder: Path) -> Path:
    with (project / "pyproject.toml").open("rb") as file:
        if "build-system" not in tomllib.load(file):
            raise NoSubjectError(str(project), "has no [build-system]")
    done = subprocess.run(  # noqa: S603 - the backend that the project names
        [sys.executable, "-c", _BUILD, str(folder.resolve())],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    wheels = list(folder.glob("*.whl"))
    if done.returncode or not wheels:
        raise NotBuiltError(project, done.stderr)
    return wheels[0]
