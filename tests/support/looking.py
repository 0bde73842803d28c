"""Pages as a reader sees them, without a host."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from nxforge_core.api import NxForgeError, ui
from nxforge_core.ui import (
    Ask,
    Sent,
    Shell,
    Trouble,
    do,
    document,
    find_widget,
    prepared,
    show_page,
    trouble_of,
    window_of,
    wish_of,
)

__all__ = ["Look", "act", "done", "look"]


class Look:
    """A page that was drawn."""

    def __init__(self, html: str) -> None:
        self._tree = LexborHTMLParser(html)

    def card(self, name: str) -> LexborNode:
        """One of its cards."""
        found = self._tree.css_first(f"#{name}")
        assert found is not None, f"the page has no card {name}"
        return found

    def has(self, name: str) -> bool:
        """Whether there is such a card."""
        return self._tree.css_first(f"#{name}") is not None

    def text(self, name: str) -> str:
        """The words of a card, its blanks made one."""
        return " ".join(self.card(name).text(separator=" ").split())

    def rows(self, name: str) -> list[list[str]]:
        """The cells of a card's table, row by row."""
        return [
            [" ".join(cell.text(separator=" ").split()) for cell in row.css("th, td")]
            for row in self.card(name).css("tbody tr")
        ]

    def links(self, name: str) -> list[str]:
        """Where the links of a card lead."""
        return [str(each.attributes["href"]) for each in self.card(name).css("a")]

    @property
    def tree(self) -> LexborHTMLParser:
        """All of it."""
        return self._tree

    @property
    def failed(self) -> list[str]:
        """Words of the cards that could not be shown."""
        return [
            " ".join(each.text(separator=" ").split())
            for each in self._tree.css("[data-failed]")
        ]


def _everything(_: str) -> bool:
    return True


async def look(
    monitor: Any,
    page: ui.Page,
    may: Callable[[str], bool] = _everything,
    **params: str,
) -> Look:
    """Draw a page of the plugin."""
    ask = _ask(monitor, page, may, params)
    shell = Shell(root="", title=page.title, now=ask.now)
    return Look(document(shell, await show_page(ask)))


async def act(
    monitor: Any,
    page: ui.Page,
    widget: str,
    fields: Mapping[str, str] | None = None,
    keys: Sequence[str] = (),
    **params: str,
) -> ui.Done | Trouble:
    """Do what a form, a button, or with `nx-many` a row's button of a page does."""
    ask = _ask(monitor, page, _everything, params)
    found = find_widget(ask, widget)
    assert found is not None, f"the page has no widget {widget}"
    sent = Sent(dict(fields or {}), keys)
    wish = wish_of(ask, widget, found, sent)
    try:
        return await do(wish, ask, sent)
    except NxForgeError as error:
        return trouble_of(wish, sent, error)


def done(outcome: ui.Done | Trouble) -> ui.Done:
    """It must have been done."""
    assert isinstance(outcome, ui.Done), outcome
    return outcome


def _ask(
    monitor: Any,
    page: ui.Page,
    may: Callable[[str], bool],
    params: Mapping[str, str],
) -> Ask:
    now = monitor.clock.now()
    return prepared(
        Ask(
            page=page,
            context=monitor.ctx,
            reader=ui.Reader("somebody", may),
            now=now,
            window=window_of(page, params, now),
            params=params,
        )
    )
