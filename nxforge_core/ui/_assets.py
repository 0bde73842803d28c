"""The style sheet, at a path that names its content."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from typing import Final

__all__ = ["STYLE_PATH", "style"]

_BYTES: Final = files("nxforge_core.ui").joinpath("static/nxforge.css").read_bytes()

#: Changes with the content, so it may be cached for ever.
STYLE_PATH: Final = f"/ui/nxforge/{hashlib.sha256(_BYTES).hexdigest()[:12]}/nxforge.css"


def style() -> bytes:
    """The style sheet."""
    return _BYTES
