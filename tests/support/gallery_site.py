"""The gallery, installed for a test."""

from __future__ import annotations

from pathlib import Path

from distributions import Site

__all__ = ["add_gallery"]

_SOURCE = Path(__file__).parent / "gallery"


def add_gallery(site: Site) -> Path:
    """Install the plugin `gallery`; answers its package's folder."""
    modules = {
        str(path.relative_to(_SOURCE)): path.read_text("utf-8")
        for path in _SOURCE.rglob("*.js")
    }
    source = (_SOURCE / "plugin.py").read_text("utf-8")
    manifest = (_SOURCE / "manifest.json").read_text("utf-8")
    return site.add("gallery", source, manifest=manifest, files=modules)
