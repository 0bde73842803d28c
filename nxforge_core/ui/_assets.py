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


def _load(name: str) -> tuple[str, Asset]:
    body = files("nxforge_core.ui").joinpath("static", name).read_bytes()
    digest = hashlib.sha256(body).hexdigest()[:12]
    return f"/ui/nxforge/{digest}/{name}", Asset(body, _FILES[name])


_STYLE: Final = _load("nxforge.css")
_SCRIPT: Final = _load("live.js")

STYLE_PATH: Final = _STYLE[0]
SCRIPT_PATH: Final = _SCRIPT[0]

#: By path, which changes with the content: they may be cached for ever.
ASSETS: Final[Mapping[str, Asset]] = MappingProxyType(dict([_STYLE, _SCRIPT]))
