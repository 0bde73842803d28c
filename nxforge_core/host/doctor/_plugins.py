"""Plugins that run in every visitor's browser, too."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from nxforge_core.plugins import Candidate, Problem

from ._finding import Finding

__all__ = ["weak_plugins"]

_SCRIPTS: Final = frozenset({".js", ".mjs", ".wasm"})


def weak_plugins(
    installed: Iterable[Candidate | Problem], enabled: Collection[str]
) -> Iterator[Finding]:
    """Enabled plugins that ship JavaScript; none is imported for this."""
    for plugin in installed:
        if not isinstance(plugin, Candidate) or plugin.id not in enabled:
            continue
        files = sum(path.suffix in _SCRIPTS for path in plugin.folder.rglob("*"))
        if files:
            yield Finding(
                "low",
                "plugin_scripts",
                f"plugin {plugin.id!r} of {plugin.distribution} ships {files} files "
                "that run in the browser of whoever looks at its pages",
                "enable it only if you trust who made it as much as the host",
            )
