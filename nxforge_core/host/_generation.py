"""What answers under which prefix: one immutable mapping, swapped as a whole."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from nxforge_core.api import UnknownItemError

from ._errors import PluginClosedError

__all__ = ["ASGI", "PLUGIN_PREFIX", "Closed", "Generation"]

ASGI = Callable[[Any, Any, Any], Awaitable[None]]

#: Where plugins answer; the original's contract.
PLUGIN_PREFIX: Final = "/api/v1/m/"
#: Where the host answers with what a plugin says, the plugin's id behind it.
_PAGE_PREFIXES: Final = (
    "/ui/",
    *(f"/api/v1/ui/{part}/" for part in ("cards", "data", "files")),
)


@dataclass(frozen=True, slots=True)
class Closed:
    """A plugin that is known and does not serve, and why."""

    plugin: str
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Generation:
    """Routing only: pools, jobs and life spans belong to the host and live on.

    Attributes:
        pages: Answers for the pages of a plugin, as the core does.
    """

    core: ASGI
    pages: Mapping[str, ASGI] = field(default_factory=dict)
    plugins: Mapping[str, ASGI] = field(default_factory=dict)
    closed: Mapping[str, Closed] = field(default_factory=dict)

    def find(self, path: str) -> ASGI:
        """The application that answers a path.

        Raises:
            PluginClosedError: its plugin does not serve.
            UnknownItemError: no such plugin is installed.
        """
        if not path.startswith(PLUGIN_PREFIX):
            return self._find_page(path)
        plugin = path[len(PLUGIN_PREFIX) :].partition("/")[0]
        if (found := self.plugins.get(plugin)) is not None:
            return found
        if (closed := self.closed.get(plugin)) is not None:
            raise PluginClosedError(closed.plugin, closed.reason, closed.remedy)
        raise UnknownItemError(
            kind="plugin", value=plugin, remedy="GET /api/v1/plugins lists them"
        )

    def _find_page(self, path: str) -> ASGI:
        for prefix in _PAGE_PREFIXES:
            if path.startswith(prefix):
                plugin = path[len(prefix) :].partition("/")[0]
                return self.pages.get(plugin, self.core)
        return self.core
