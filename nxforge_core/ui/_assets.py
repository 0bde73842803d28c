"""The files pages need, at addresses that change with their content.

Ours and those of plugins alike: `/ui/<owner>/<hash of all files>/<path>`. The hash
covers the whole folder, so modules import each other by relative paths, and whatever
is there may be kept for ever.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Final

import msgspec

__all__ = [
    "ICONS",
    "MODULES",
    "OWNER",
    "SCRIPTS",
    "STYLE",
    "Asset",
    "Bundle",
    "asset_path",
    "bundle_of",
    "forget_bundles",
    "own_assets",
]

#: Too short for a plugin's id.
OWNER: Final = "nx"
STYLE: Final = "nx.css"
ICONS: Final = "icons.svg"
#: The first before anything is painted, the second when all is there.
SCRIPTS: Final = ("boot.js", "nx.js")

_TYPES: Final = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "mjs": "text/javascript; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "woff2": "font/woff2",
    "wasm": "application/wasm",
}
_LARGEST: Final = 20_000_000


class Asset(msgspec.Struct, frozen=True):
    """One file as it is sent."""

    body: bytes
    media_type: str


class Bundle(msgspec.Struct, frozen=True):
    """The files of one owner, by path; `digest` is of all of them."""

    owner: str
    digest: str
    files: Mapping[str, Asset]

    @property
    def base(self) -> str:
        """Where they lie, with a slash at the end."""
        return f"/ui/{self.owner}/{self.digest}/"

    def find(self, digest: str, path: str) -> Asset | None:
        """A file of just this content; nothing is looked up on a disk."""
        return self.files.get(path) if digest == self.digest else None


@cache
def own_assets() -> Bundle:
    """The host's own."""
    found = dict(_files(files("nxforge_core.ui") / "static"))
    sheets = [found.pop(name) for name in sorted(found) if name.endswith(".css")]
    found[STYLE] = Asset(b"\n".join(each.body for each in sheets), _TYPES["css"])
    return _bundle(OWNER, found)


@cache
def bundle_of(owner: str, package: Path) -> Bundle:
    """The files that a plugin ships for browsers, read once; there may be none.

    Args:
        owner: The plugin's id.
        package: Its folder; the files lie in `ui` below it.
    """
    place = package / "ui"
    there = place.is_dir() and not place.is_symlink()
    return _bundle(owner, dict(_files(place)) if there else {})


def forget_bundles() -> None:
    """Have the files of plugins read anew: some may be others than before."""
    bundle_of.cache_clear()


def asset_path(name: str) -> str:
    """Where one of the host's own files is, below the mount."""
    return own_assets().base + name


def _bundle(owner: str, found: dict[str, Asset]) -> Bundle:
    digest = hashlib.sha256()
    for path in sorted(found):
        body = found[path].body
        digest.update(f"{path}\0{len(body)}\0".encode() + body)
    return Bundle(owner, digest.hexdigest()[:12], MappingProxyType(found))


def _files(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, Asset]]:
    """Files of kinds that browsers know; a folder's `__pycache__` is none of them.

    Links are left out: they lead out of the folder, or round and round in it.
    """
    for entry in folder.iterdir():
        if isinstance(entry, Path) and entry.is_symlink():
            continue
        kind = _TYPES.get(entry.name.rpartition(".")[2])
        if entry.is_dir() and not entry.name.startswith(("_", ".")):
            yield from _files(entry, f"{prefix}{entry.name}/")
        elif kind and entry.is_file() and len(body := entry.read_bytes()) <= _LARGEST:
            yield f"{prefix}{entry.name}", Asset(body, kind)


def _modules() -> list[str]:
    names = own_assets().files
    return sorted(
        n for n in names if n.endswith(".js") and n not in (*SCRIPTS, "worker.js")
    )


#: Fetched at once, so that none waits for another one that imports it.
MODULES: Final = tuple(_modules())
