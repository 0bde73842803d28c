r"""A secret as pages spell it: in HTML, JSON, URLs, base64, hexadecimal, or several.

Letters and digits stand for themselves everywhere; what else is in a secret may be
escaped, once or again and again: `&` is `&amp;`, `%26`, `%2526`, `\u0026`, `&#38;`.
"""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Iterable, Iterator
from typing import Any, Final
from urllib.parse import quote, quote_plus

import re2

__all__ = ["spellings"]

#: Shorter ones would mask half of every page, and protect nothing.
_MIN_SECRET: Final = 4
#: What no spelling changes, and neither do most of URLs.
_PLAIN: Final = frozenset("-._~")
#: Longer ones are tokens as a rule: what little is escaped there is so in one way.
_LONGEST: Final = 128
#: Characters of base64 or hexadecimal below which they could be anything.
_SHORTEST: Final = 6
_PERCENT: Final = "%(?:25)*"
_AMP: Final = f"(?:&(?:amp;)*|{_PERCENT}26(?:amp(?:;|{_PERCENT}3b))*)"
_SEMICOLON: Final = f"(?:;|{_PERCENT}3b)?"
_HASH: Final = f"(?:#|{_PERCENT}23)"
_BACKSLASHES: Final = rf"(?:\\|{_PERCENT}5c){{0,8}}"
_NAMED: Final = {"&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos"}
_CONTROLS: Final = {"\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f"}
#: Its two alphabets, in a URL too.
_BASE64: Final = str.maketrans(
    {"+": f"(?:[+ -]|{_PERCENT}2b)", "/": rf"\\?(?:[/_]|{_PERCENT}2f)"}
)


def spellings(secrets: Iterable[str]) -> Any:
    """A pattern that finds secrets in any spelling; None without a secret."""
    found = {
        each
        for secret in secrets
        if len(secret) >= _MIN_SECRET
        for each in _forms(secret)
    }
    if not found:
        return None
    # The longest first: it takes what a shorter one would leave half of.
    return re2.compile(f"(?i){'|'.join(sorted(found, key=len, reverse=True))}")


def _forms(secret: str) -> Iterator[str]:
    if len(secret) > _LONGEST:
        yield from (str(re2.escape(each)) for each in _whole(secret))
        return
    yield _escaped(secret)
    # Where bytes of another charset were read as UTF-8.
    misread = secret.encode("cp1252", "replace").decode("utf-8", "replace")
    if misread != secret:
        yield _escaped(misread)
    # As it is, and inside a JSON document.
    for inner in {secret, json.dumps(secret, ensure_ascii=False)[1:-1]}:
        data = inner.encode("utf-8", "surrogatepass")
        if 2 * len(data) >= _SHORTEST:
            yield data.hex()
        for each in _base64(data):
            yield each.translate(_BASE64)


def _whole(secret: str) -> Iterator[str]:
    yield secret
    yield html.escape(secret)
    yield json.dumps(secret)[1:-1]
    yield quote(secret)
    yield quote(secret, safe="")
    yield quote_plus(secret)


def _base64(data: bytes) -> Iterator[str]:
    """What is the same of it whatever stands before it, with and without its end."""
    for shift in range(3):
        text = base64.b64encode(b"\0" * shift + data)[4 * (shift > 0) :].decode()
        sure = text[:-4] if text.endswith("=") or shift else text
        for each in {text.rstrip("="), sure}:
            if len(each) >= _SHORTEST:
                yield each


def _escaped(text: str) -> str:
    return "".join(map(_character, text))


def _character(char: str) -> str:
    if char.isascii() and (char.isalnum() or char in _PLAIN):
        return str(re2.escape(char))
    return f"{_BACKSLASHES}(?:{'|'.join(_ways(char))})"


def _ways(char: str) -> Iterator[str]:
    number = ord(char)
    yield str(re2.escape(char))
    raw = char.encode("utf-8", "surrogatepass")
    yield "".join(f"{_PERCENT}{byte:02x}" for byte in raw)
    yield f"{_AMP}{_HASH}(?:0*{number}|x0*{number:x}){_SEMICOLON}"
    units = char.encode("utf-16-be", "surrogatepass")
    yield r"\\*".join(
        f"u{units[place : place + 2].hex()}" for place in range(0, len(units), 2)
    )
    if char in _NAMED:
        yield f"{_AMP}{_NAMED[char]}{_SEMICOLON}"
    if char in _CONTROLS:
        yield _CONTROLS[char]
    if char in " +":
        # A form writes a space so, and whoever reads a text as a form undoes it.
        yield r"[ +]"
