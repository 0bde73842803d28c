"""A wheel that is not installed, read without running anything of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import BadZipFile, ZipFile

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import NormalizedName, canonicalize_name

from nxforge_core.plugins import Candidate, RefusedError, read_manifest
from nxforge_core.plugins._candidate import top_level
from nxforge_core.plugins._entries import read_entries

from ._errors import WheelError

__all__ = ["Wheel", "opened_wheel", "wheel_collisions"]


class Wheel:
    """The plugin in an unpacked wheel.

    Attributes:
        folder: Where it is unpacked, as a folder of installed packages.
    """

    def __init__(self, file: Path, folder: Path) -> None:
        self.folder = folder
        infos = list(folder.glob("*.dist-info"))
        self._file = file
        if len(infos) != 1:
            raise WheelError(file, "holds no single .dist-info")
        self.distribution = metadata.Distribution.at(infos[0])

    def candidate(self) -> Candidate:
        """The one plugin in it.

        Raises:
            WheelError: there is none, more than one, or its manifest is wrong.
        """
        entries = read_entries([self.distribution])
        if len(entries) != 1:
            raise WheelError(self._file, f"holds {len(entries)} plugins")
        entry = entries[0]
        folder = self.folder / top_level(entry.module)
        file = folder / "manifest.json"
        try:
            manifest = read_manifest(file, entry.id)
        except RefusedError as error:
            raise WheelError(self._file, error.message) from error
        return Candidate(
            id=entry.id,
            distribution=entry.distribution,
            version=entry.version,
            module=entry.module,
            folder=folder,
            manifest_file=file,
            manifest=manifest,
        )


@contextmanager
def opened_wheel(file: Path) -> Iterator[Wheel]:
    """Unpack a wheel for a while.

    Raises:
        WheelError: it is no wheel.
    """
    with TemporaryDirectory(prefix="nxforge-wheel-") as folder:
        try:
            with ZipFile(file) as archive:
                archive.extractall(folder)
        except (OSError, BadZipFile) as error:
            raise WheelError(file, f"cannot be read: {error}") from error
        yield Wheel(file, Path(folder))


def wheel_collisions(wheel: Wheel, plugin: Candidate) -> list[str]:
    """What is in the way of installing it, and what pip would change for it."""
    own = canonicalize_name(plugin.distribution)
    installed = {
        canonicalize_name(each.metadata["Name"]): each
        for each in metadata.distributions()
        if "Name" in each.metadata
    }
    return [
        *_requirements(wheel, installed),
        *_pins(own, plugin.version, installed),
        *_shared(wheel, own, installed),
    ]


def _requirements(
    wheel: Wheel, installed: Mapping[NormalizedName, metadata.Distribution]
) -> Iterator[str]:
    for wanted in _parsed(wheel.distribution):
        there = installed.get(canonicalize_name(wanted.name))
        if there is None:
            yield f"it requires {wanted}, which is not installed"
        elif not wanted.specifier.contains(there.version, prereleases=True):
            yield f"it requires {wanted}, and installed is {there.version}"


def _pins(
    own: str, version: str, installed: Mapping[NormalizedName, metadata.Distribution]
) -> Iterator[str]:
    for name, each in sorted(installed.items()):
        for wanted in _parsed(each):
            same = canonicalize_name(wanted.name) == own and name != own
            if same and not wanted.specifier.contains(version, prereleases=True):
                yield f"{name} {each.version} requires {wanted}"


def _shared(
    wheel: Wheel, own: str, installed: Mapping[NormalizedName, metadata.Distribution]
) -> Iterator[str]:
    packages = {each.name for each in wheel.folder.iterdir() if each.suffix == ""}
    for name, each in sorted(installed.items()):
        if name == own:
            continue
        tops = {file.parts[0] for file in each.files or () if file.suffix == ".py"}
        for package in sorted(packages & tops):
            yield f"{name} has a package {package!r}, too"


def _parsed(distribution: metadata.Distribution) -> Iterator[Requirement]:
    for line in distribution.requires or ():
        try:
            wanted = Requirement(line)
        except InvalidRequirement:
            continue
        if wanted.marker is None or wanted.marker.evaluate({"extra": ""}):
            yield wanted
