"""What a page makes a browser fetch stays small."""

from __future__ import annotations

import gzip

from nxforge_core.ui import own_assets


def size_of(kind: str) -> int:
    """Bytes of all own files of a kind as they are sent, each packed for itself."""
    files = own_assets().files
    return sum(
        len(gzip.compress(files[name].body)) for name in files if name.endswith(kind)
    )


def test_scripts_and_style_are_small() -> None:
    """All scripts together stay below 60 kB, the style below 15."""
    assert 5_000 < size_of(".js") < 60_000
    assert 2_000 < size_of(".css") < 15_000
