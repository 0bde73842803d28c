"""A device's answer, and whether it is the page that was expected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from nxforge_consumption_monitor.extract import Page, UnexpectedContentError
from nxforge_core.api import HttpResponse

from ._request import PageRequest

__all__ = ["Answer", "check_content"]

_SHOWN: Final = 400
_BOM: Final = b"\xef\xbb\xbf"
_OK: Final = range(200, 300)


class Answer(msgspec.Struct, frozen=True):
    """A device's answer.

    Attributes:
        unchanged: The device said that its page is the one of the last time: the
            body is that one.
        secrets: Texts that must not appear in anything that is stored or logged.
        others: Of the further pages, by name.
    """

    response: HttpResponse
    unchanged: bool = False
    secrets: Sequence[str] = ()
    others: Mapping[str, HttpResponse] = {}

    def __repr__(self) -> str:
        return f"Answer({self.response.status}, {len(self.response.body)} bytes)"

    @property
    def page(self) -> Page:
        """For the extraction."""
        others = {name: _page(each) for name, each in self.others.items()}
        return msgspec.structs.replace(_page(self.response), others=others)


def _page(response: HttpResponse) -> Page:
    content_type = response.headers.get("content-type", "")
    return Page(response.body, content_type, response.status)


def check_content(request: PageRequest, answer: Answer) -> None:
    """Refuse an answer that says success and is another page.

    Raises:
        UnexpectedContentError: it is none of what the request expects.
    """
    response = answer.response
    if response.status not in _OK:
        return  # the status says what is wrong
    if request.expect_type and not _is_of_type(request.expect_type, response):
        raise _unexpected(request.expect_type, response)
    if request.expect_text and not _has(response.body, request.expect_text):
        words = f"a page with {request.expect_text!r}"
        raise _unexpected(words, response)


def _is_of_type(expected: str, response: HttpResponse) -> bool:
    start = response.body.removeprefix(_BOM)[:_SHOWN].lstrip().lower()
    is_html = start.startswith(b"<!doctype html") or b"<html" in start
    match expected:
        case "json":
            return start.startswith((b"{", b"["))
        case "xml":
            return start.startswith(b"<") and not is_html
        case "html":
            return is_html or "html" in response.headers.get("content-type", "")
        case _:
            found = response.headers.get("content-type", "")
            return found.lower().startswith(expected.lower())


def _has(body: bytes, text: str) -> bool:
    # Small devices write windows-1252 more often than they say so.
    return text.encode() in body or text.encode("cp1252", "replace") in body


def _unexpected(expected: str, response: HttpResponse) -> UnexpectedContentError:
    text = response.body[:_SHOWN].decode("utf-8", "replace")
    return UnexpectedContentError(expected=expected, text=text)
