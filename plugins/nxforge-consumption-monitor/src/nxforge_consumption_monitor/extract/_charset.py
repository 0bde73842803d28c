"""From bytes to text: what the page declares, what it is, what old devices mean."""

from __future__ import annotations

import codecs
import re
from typing import Final

import msgspec

from ._errors import DecodeError, RuleError, UnexpectedContentError

__all__ = ["AUTO", "DecodedText", "check_charset", "decode_text"]

AUTO: Final = "auto"
_FALLBACK: Final = "windows-1252"
# Python knows codecs that are no character sets (rot13, idna); only these are pages.
_KNOWN: Final = re.compile(
    r"utf-8|utf-16(-[lb]e)?|iso8859-\d{1,2}|cp125\d|cp437|cp850|koi8-[ru]|gbk|gb18030|"
    r"gb2312|big5|shift_jis|euc_(jp|kr)"
)
# The web's rule: who says latin-1 or ASCII means windows-1252.
_MEANT: Final = {"ascii": _FALLBACK, "iso8859-1": _FALLBACK}
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_IN_HEADER: Final = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_IN_META: Final = re.compile(
    rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE
)
_META_BYTES: Final = 1024


class DecodedText(msgspec.Struct, frozen=True):
    """A page's text and how it was read."""

    text: str
    charset: str
    warnings: tuple[str, ...] = ()


def check_charset(name: str) -> None:
    """Refuse a character set no page has.

    Raises:
        RuleError: It is unknown.
    """
    if name != AUTO and _codec(name) is None:
        raise RuleError(
            field="charset",
            what=f"{name!r} is no known character set",
            remedy="use 'auto', or a name such as 'utf-8' or 'windows-1252'",
        )


def decode_text(body: bytes, content_type: str, charset: str = AUTO) -> DecodedText:
    """Decode a page.

    Args:
        body: The bytes of the answer.
        content_type: Its header, which may name a character set.
        charset: A name pins the character set; `auto` asks byte order mark, header,
            meta element, then tries UTF-8, then takes windows-1252.

    Raises:
        DecodeError: The bytes are not of the pinned character set, or no text.
        UnexpectedContentError: The answer is empty.
    """
    if not body.strip():
        raise UnexpectedContentError(expected="a page", text="")
    decoded = (
        _automatic(body, content_type) if charset == AUTO else _pinned(body, charset)
    )
    if "\0" in decoded.text:
        raise DecodeError(
            what=f"it is binary data, {len(body)} bytes with zeros",
            remedy="point the endpoint at a page of text, HTML or JSON",
        )
    return decoded


def _pinned(body: bytes, charset: str) -> DecodedText:
    codec = _codec(charset) or _FALLBACK
    try:
        return DecodedText(body.decode(codec).removeprefix("\ufeff"), codec)
    except UnicodeDecodeError as error:
        raise DecodeError(
            what=f"byte {error.start} is no {charset}",
            remedy="set the charset of the decode step to 'auto' or 'windows-1252'",
        ) from None


def _automatic(body: bytes, content_type: str) -> DecodedText:
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return DecodedText(body[len(mark) :].decode(codec, "replace"), codec)
    declared = _declared(body, content_type)
    for codec in filter(None, (declared, "utf-8")):
        try:
            return DecodedText(body.decode(codec), codec, _doubt(codec, declared))
        except UnicodeDecodeError:
            continue
    text = body.decode(_FALLBACK, "replace")
    return DecodedText(text, _FALLBACK, _doubt(_FALLBACK, declared))


def _doubt(codec: str, declared: str | None) -> tuple[str, ...]:
    return ("charset_differs",) if declared and declared != codec else ()


def _declared(body: bytes, content_type: str) -> str | None:
    header = _IN_HEADER.search(content_type[:1000])
    if header and (codec := _codec(header[1])):
        return codec
    meta = _IN_META.search(body[:_META_BYTES])
    # A meta element that can be read is no UTF-16, whatever it says.
    codec = _codec(meta[1].decode("ascii", "replace")) if meta else None
    return "utf-8" if codec and codec.startswith("utf-16") else codec


def _codec(name: str) -> str | None:
    try:
        codec = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    codec = _MEANT.get(codec, codec)
    return codec if _KNOWN.fullmatch(codecs.lookup(codec).name) else None
