"""Throw-away plugins on disk, as pip would leave them."""

from __future__ import annotations

import importlib
import json
import shutil
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path

from nxforge_core.plugins import forget_modules

__all__ = ["Site"]


class Site:
    """A site-packages folder; its owner puts it on `sys.path` and takes it off again.

    Packages are named `cast_<id>` and distributions `nxforge-<id>`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def add(
        self,
        plugin: str,
        source: str,
        *,
        manifest: Mapping[str, object] | str = {},
        files: Mapping[str, str] | None = None,
        version: str = "1.0",
    ) -> Path:
        """Install a plugin; answers the folder of its package.

        Args:
            plugin: Its id.
            source: Of its module.
            manifest: Members beside those that every manifest has, or the whole text.
            files: More files of the package by path.
            version: Of its distribution.
        """
        package = f"cast_{plugin.replace('-', '_')}"
        texts = {"__init__.py": "", "plugin.py": source, **(files or {})}
        texts["manifest.json"] = _manifest(plugin, manifest)
        for name, text in texts.items():
            target = self.folder / package / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
        self.describe(plugin, package, version)
        return self.folder / package

    def upgrade(
        self,
        plugin: str,
        version: str,
        source: str,
        *,
        manifest: Mapping[str, object] | str = {},
        files: Mapping[str, str] | None = None,
    ) -> None:
        """Install another version in the place of this one, as pip does."""
        word = plugin.replace("-", "_")
        old = list(self.folder.glob(f"nxforge_{word}-*"))
        self.add(plugin, source, manifest=manifest, files=files, version=version)
        # Last: whoever looks meanwhile finds one of them.
        for info in old:
            shutil.rmtree(info)
        importlib.invalidate_caches()

    def __iter__(self) -> Iterator[metadata.Distribution]:
        """What is installed here at this moment."""
        return iter(metadata.distributions(path=[str(self.folder)]))

    def distributions(self) -> list[metadata.Distribution]:
        """What is installed here."""
        return list(self)

    def remove(self, plugin: str, *, keep: Path) -> None:
        """Uninstall a plugin, and keep its files elsewhere."""
        keep.mkdir()
        for part in self._parts(plugin, self.folder):
            shutil.move(part, keep / part.name)
        importlib.invalidate_caches()

    def put_back(self, plugin: str, *, kept: Path) -> None:
        """Install again what was removed."""
        for part in self._parts(plugin, kept):
            shutil.move(part, self.folder / part.name)
        importlib.invalidate_caches()

    def forget(self) -> None:
        """Take what was imported from here out of `sys.modules`."""
        forget_modules(self.folder)

    @staticmethod
    def _parts(plugin: str, folder: Path) -> list[Path]:
        word = plugin.replace("-", "_")
        return [*folder.glob(f"cast_{word}"), *folder.glob(f"nxforge_{word}-*")]

    def describe(self, plugin: str, package: str, version: str = "1.0") -> None:
        """Say that a package that lies here is a plugin."""
        name = f"nxforge-{plugin}"
        folder = self.folder / f"{name.replace('-', '_')}-{version}.dist-info"
        folder.mkdir()
        text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        (folder / "METADATA").write_text(text, "utf-8")
        entry = f"[nxforge.plugins]\n{plugin} = {package}.plugin\n"
        (folder / "entry_points.txt").write_text(entry, "utf-8")
        importlib.invalidate_caches()


def _manifest(plugin: str, more: Mapping[str, object] | str) -> str:
    if isinstance(more, str):
        return more
    members = {
        "id": plugin,
        "display_name": plugin.title(),
        "description": "Made by a test.",
        "core": ">=0.1,<1",
    }
    return json.dumps({**members, **more})
