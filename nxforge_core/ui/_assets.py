"""The files pages need, at paths that name their content."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Final

import msgspec

__all__ = ["ASSETS", "SCRIPT_PATH", "STYLE_PATH", "Asset"]

_FILES: Final = {
    "nxforge.css": "text/css",
    "live.js": "text/javascript",
}


class Asset(msgspec.Struct, frozen=True):
    """One file as it is sent."""

    body: bytes
    media_type: str


def _read(name: str) -> bytes:
    return files("nxforge_core.ui").joinpath("static", name).read_bytes()


def _path(name: str) -> str:
    digest = hashlib.sha256(_read(name)).hexdigest()[:12]
    return f"/ui/nxforge/{digest}/{name}"


STYLE_PATH: Final = _path("nxforge.css")
SCRIPT_PATH: Final = _path("live.js")

#: By path, which changes with the content: they may be cached for ever.
ASSETS: Final[Mapping[str, Asset]] = MappingProxyType(
    {_path(name): Asset(_read(name), media) for name, media in _FILES.items()}
)
