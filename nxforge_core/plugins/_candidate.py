"""A plugin that is installed and has said who it is; none of its code ran yet."""

from __future__ import annotations

from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Final

from nxforge_core.api import Manifest, PluginId

from ._entries import Entry
from ._errors import PackageError
from ._manifest import MANIFEST

__all__ = ["BUILT_IN", "Candidate", "built_in", "package_folder", "top_level"]

#: Id of plugin zero: the host's own routes, pages, jobs and tables.
BUILT_IN: Final = PluginId("nxforge")


class Candidate(Entry, frozen=True, kw_only=True):
    """A plugin whose manifest is good.

    Attributes:
        module: Importable name of the module with the hook implementations.
        version: Of the distribution.
        folder: The top-level package, found without importing it.
        manifest_file: Where `manifest` was read.
        imported: The module itself, of plugin zero only.
    """

    folder: Path
    manifest_file: Path
    manifest: Manifest
    imported: ModuleType | None = None

    @property
    def package(self) -> str:
        """Name of the top-level package."""
        return top_level(self.module)


def built_in(module: ModuleType, manifest: Manifest, version: str) -> Candidate:
    """Plugin zero: a module of the host that is always enabled and loaded first.

    Args:
        module: Module with hook implementations, already imported.
        manifest: Declares its permissions; its id is not used.
        version: Of nxforge-core.
    """
    folder = Path(str(module.__file__)).parent
    return Candidate(
        id=BUILT_IN,
        distribution="nxforge-core",
        version=version,
        module=module.__name__,
        folder=folder,
        manifest_file=folder / MANIFEST,
        manifest=manifest,
        imported=module,
    )


def package_folder(module: str) -> Path:
    """Folder of the top-level package of a module, without importing either.

    Raises:
        PackageError: there is no such package, or it is a single file.
    """
    package = top_level(module)
    spec = _spec(package)
    if spec is None:
        raise PackageError(package, "is not there")
    if not spec.submodule_search_locations:
        raise PackageError(package, "is a single file")
    return Path(next(iter(spec.submodule_search_locations)))


def top_level(module: str) -> str:
    """The part of a module's name before the first dot."""
    return module.partition(".")[0]


def _spec(package: str) -> ModuleSpec | None:
    try:
        return find_spec(package)
    except Exception as error:
        # Import hooks of editable installs are other people's code.
        raise PackageError(package, f"cannot be found: {error!r}") from error
