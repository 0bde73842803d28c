"""A look at a page of an imagined plugin."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from nxforge_core.api import PluginContext, PluginId, PluginInfo, ui
from nxforge_core.services import get_log
from nxforge_core.ui import (
    Ask,
    Node,
    Shell,
    document,
    prepared,
    show_page,
    show_page_tools,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
Source = Callable[[Any], Awaitable[Any]]


class Looks:
    """Makes looks at pages, and shows them."""

    def __init__(self, context: PluginContext[Any]) -> None:
        self.context = context

    def page(self, *body: Any, title: str = "Meters", **more: Any) -> ui.Page:
        """A public page."""
        return ui.Page(name="start", title=title, body=body, public=True, **more)

    def ask(self, page: ui.Page, **more: Any) -> Ask:
        """Somebody who may do everything looks at it."""
        given = {
            "reader": ui.Reader("somebody", lambda _: True),
            "now": NOW,
            "window": ui.Window(NOW - timedelta(hours=1), NOW),
            "root": "/nx",
            **more,
        }
        return prepared(Ask(page=page, context=self.context, **given))

    async def cards(self, *body: Any, **more: Any) -> list[Node]:
        """The cards of widgets."""
        return await show_page(self.ask(self.page(*body), **more))

    async def html(self, page: ui.Page, **more: Any) -> str:
        """The whole page."""
        ask = self.ask(page, **more)
        shell = Shell(
            root="/nx",
            title=page.title,
            now=NOW,
            intro=page.intro,
            tools=show_page_tools(ask),
        )
        return document(shell, await show_page(ask))

    @staticmethod
    def giving(content: object) -> Source:
        """A source of a widget."""

        async def source(_: Any) -> object:
            return content

        return source


@pytest.fixture(scope="session")
def looks() -> Looks:
    """For pages of a plugin that has a log and nothing else."""
    unused: Any = None
    return Looks(
        PluginContext(
            plugin=PluginInfo(PluginId("probe"), "nxforge-probe", "1.0"),
            settings=None,
            db=unused,
            http=unused,
            browser=unused,
            secrets=unused,
            jobs=unused,
            events=unused,
            log=get_log("probe"),
            clock=unused,
        )
    )
