"""Somebody who reads pages of a host and presses buttons, without a browser."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

__all__ = ["Reading", "texts_of", "words"]

_ATTRIBUTES: Final = ("aria-label", "placeholder", "title", "data-confirm")


class Reading:
    """One reader.

    Args:
        client: Speaks to the host.
        headers: Say who it is.
    """

    def __init__(self, client: Any, headers: dict[str, str]) -> None:
        self._client = client
        self.headers = headers

    async def see(self, path: str) -> LexborHTMLParser:
        """A page that shows every one of its cards."""
        answer = await self._client.get(path, headers=self.headers)
        assert answer.status_code == 200, answer.text
        tree = LexborHTMLParser(answer.text)
        assert [each.text() for each in tree.css("[data-failed]")] == []
        return tree

    async def get(self, path: str) -> Any:
        """What a path answers."""
        return await self._client.get(path, headers=self.headers)

    async def post(self, path: str, sent: dict[str, str]) -> Any:
        """Send a form without a script."""
        headers = {**self.headers, "accept": "text/html"}
        return await self._client.post(path, data=sent, headers=headers)

    async def status(self, path: str) -> int:
        """What a page answers."""
        answer = await self._client.get(path, headers=self.headers)
        return int(answer.status_code)

    async def press(self, path: str, widget: str, **fields: str) -> Any:
        """Send what a form of the page holds, sure of it; answers what it says."""
        sent = {"nx-widget": widget, "nx-sure": "1", **fields}
        headers = {**self.headers, "accept": "application/json"}
        return await self._client.post(path, data=sent, headers=headers)


def words(tree: LexborHTMLParser, card: str) -> str:
    """The text of a card in one line."""
    found = tree.css_first(f"#{card}")
    assert found is not None, f"the page has no card {card}"
    return " ".join(found.text(separator=" ").split())


def texts_of(node: LexborNode, foreign: Collection[str]) -> Iterator[str]:
    """What of an element is read: its own texts, and names for who does not see it.

    Args:
        node: The element.
        foreign: Tags whose texts are nobody's to translate.
    """
    if node.tag == "-text":
        yield node.text_content or ""
        return
    if node.tag in foreign or node.attributes.get("translate") == "no":
        return
    for name in _ATTRIBUTES:
        yield node.attributes.get(name) or ""
    child = node.child
    while child is not None:
        yield from texts_of(child, foreign)
        child = child.next
