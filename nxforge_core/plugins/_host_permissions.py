"""What plugin zero declares, without an import of it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from nxforge_core.api import decode_manifest

__all__ = ["host_permissions"]


@cache
def host_permissions() -> tuple[str, ...]:
    """Names of the host's own permissions: they never change while it runs."""
    manifest = files("nxforge_core") / "builtin" / "manifest.json"
    declared = decode_manifest(manifest.read_bytes()).permissions
    return tuple(each.name for each in declared)
