"""One answer of a device, each way of reading it done once and shared by all rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec
from selectolax.lexbor import (
    LexborDocumentOptions,
    LexborHTMLParser,
    LexborNode,
    SelectolaxError,
)

from ._charset import AUTO, DecodedText, decode_text
from ._errors import DecodeError, TooLargeError, UnexpectedContentError
from ._json import Json, decode_json
from ._structure import Survey
from ._xml import XmlTree, parse_xml

__all__ = ["MAX_BODY", "Document", "Page"]

#: The fetching side has its own, lower limit; this one protects direct callers.
MAX_BODY: Final = 2 * 1024 * 1024


class Page(msgspec.Struct, frozen=True):
    """An answer as it came: bytes, content type header, status code.

    Attributes:
        others: Answers of further pages, by the name of their source.
    """

    body: bytes
    content_type: str = ""
    status: int = 200
    others: Mapping[str, Page] = {}


class Document:
    """A page that is decoded and parsed when a rule first needs it."""

    def __init__(self, page: Page) -> None:
        if len(page.body) > MAX_BODY:
            raise TooLargeError(step="decode", size=len(page.body), limit=MAX_BODY)
        self._page = page
        self._texts: dict[str, DecodedText] = {}
        self._trees: dict[str, tuple[LexborHTMLParser, Survey]] = {}
        self._values: dict[str, Json] = {}
        self._roots: dict[str, XmlTree] = {}

    @property
    def size(self) -> int:
        """Bytes of the body."""
        return len(self._page.body)

    def decoded(self, charset: str = AUTO) -> DecodedText:
        """The text of the page.

        Raises:
            DecodeError: It is no text.
            UnexpectedContentError: It is empty.
        """
        if charset not in self._texts:
            page = self._page
            self._texts[charset] = decode_text(page.body, page.content_type, charset)
        return self._texts[charset]

    def json(self, charset: str = AUTO) -> Json:
        """The JSON the page is.

        Raises:
            ExtractionError: It is none.
        """
        if charset not in self._values:
            self._values[charset] = decode_json(self.decoded(charset).text)
        return self._values[charset]

    def xml(self, charset: str = AUTO) -> XmlTree:
        """The root element of the XML the page is.

        Raises:
            ExtractionError: It is none.
        """
        if charset not in self._roots:
            self._roots[charset] = parse_xml(self.decoded(charset).text)
        return self._roots[charset]

    def tree(self, charset: str = AUTO) -> tuple[LexborNode, Survey]:
        """The root element of the HTML the page is, and its size.

        Raises:
            ExtractionError: It is no HTML, or too costly to parse.
        """
        if charset not in self._trees:
            self._trees[charset] = _parse(self.decoded(charset).text)
        parser, survey = self._trees[charset]
        root = parser.root
        if root is None:
            raise UnexpectedContentError(
                expected="HTML", text=self.decoded(charset).text
            )
        return root, survey


def _parse(text: str) -> tuple[LexborHTMLParser, Survey]:
    if "<" not in text:
        raise UnexpectedContentError(expected="HTML", text=text)
    survey = Survey(text)
    try:
        # Without events the parser makes no copies of selected options.
        parser = LexborHTMLParser(text, options=LexborDocumentOptions.WO_EVENTS)
    except (SelectolaxError, ValueError) as error:
        raise DecodeError(
            what=f"the HTML cannot be parsed ({error})",
            remedy="use a regex step on the page instead of a css or label step",
        ) from None
    return parser, survey
