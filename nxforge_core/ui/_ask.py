"""Who looks at which page, and what the address says of it."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from nxforge_core.api import PluginContext
from nxforge_core.api.pages import Link, Page, Part, Query, Reader, Source, Window

from ._trouble import Trouble

__all__ = ["OWN_PARAMS", "PATIENCE", "Ask", "takes"]

#: Seconds a source may take: a page that is not there helps nobody.
PATIENCE: Final = 5.0
#: Parameters of an address that the host reads itself, beside those with a dot.
OWN_PARAMS: Final = frozenset({"window", "from", "to", "tab", "points"})


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """One look at a page.

    Attributes:
        context: Of the plugin the page belongs to.
        params: What the address carries, all of it.
        root: The path the host is mounted at, without a slash at its end.
        level: Of the headings of cards.
        modules: Where the plugin's own modules lie; None: none may be used.
        names: Of the page's widgets, by their identity.
        trouble: What is wrong with what the reader sent.
    """

    page: Page
    context: PluginContext[Any]
    reader: Reader
    now: datetime
    window: Window
    params: Mapping[str, str] = {}
    root: str = ""
    level: int = 2
    patience: float = PATIENCE
    modules: str | None = None
    names: Mapping[int, str] = {}
    trouble: Trouble | None = None

    async def content(self, source: Source, query: Query | None = None) -> Any:
        """Ask a source; it is handed what it names as parameters."""
        given = {
            "window": self.window,
            "query": query or Query(),
            "reader": self.reader,
            "params": self.own_params,
        }
        wanted = {name: given[name] for name in given if takes(source, name)}
        async with asyncio.timeout(self.patience):
            return await source(self.context, **wanted)

    @property
    def own_params(self) -> dict[str, str]:
        """What the address carries beside what the host reads itself."""
        return {
            name: text
            for name, text in self.params.items()
            if name not in OWN_PARAMS and "." not in name
        }

    def name(self, widget: Part) -> str:
        """The name of one of the page's widgets."""
        return self.names[id(widget)]

    @property
    def plugin(self) -> str:
        """Its id."""
        return self.context.plugin.id

    @property
    def path(self) -> str:
        """The page's own address, without parameters."""
        return f"{self.root}/ui/{self.plugin}/{self.page.name}"

    def here(self, changes: Mapping[str, str | None]) -> str:
        """This page with other parameters; None takes one away."""
        params = {**self.params, **changes}
        kept = {name: text for name, text in params.items() if text}
        return f"{self.path}?{urlencode(kept, errors='replace')}" if kept else self.path

    def href(self, link: Link) -> str:
        """Where a link leads; what is no address is taken for a page's name."""
        to, params = link.to, urlencode(link.params, errors="replace")
        if to.startswith(("https://", "http://")):
            base = to
        elif to.startswith("/") and not to.startswith("//"):
            base = self.root + to
        else:
            page = to.strip("/")
            base = f"{self.root}/ui/{page if '/' in page else f'{self.plugin}/{page}'}"
        return f"{base}?{params}" if params else base


def takes(function: Source, name: str) -> bool:
    """Whether a function has a parameter of this name."""
    return name in inspect.signature(function).parameters
