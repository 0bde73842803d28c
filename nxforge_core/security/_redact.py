r"""Takes credentials and line breaks out of text that goes to a log.

::

    >>> redact("GET http://admin:hunter2@10.0.0.7/data?token=abc&page=2\n")
    'GET http://***@10.0.0.7/data?token=***&page=2\\n'
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

__all__ = ["redact"]


class _Rule(NamedTuple):
    """A pattern, looked for only where the lower-case text holds one of the signs."""

    signs: tuple[str, ...]
    pattern: re.Pattern[str]
    shown: str


# Possessive name, then a look back at its end: read once, whatever stands there.
_ENDS: Final = "password passwd passphrase pwd secret secrets token tokens key keys"
_NAME: Final = rf"[\w.-]++(?:{'|'.join(f'(?<={end})' for end in _ENDS.split())})"

_RULES: Final = (
    # A database URL: passwords there hold '/', '?' and '@' that nobody encoded.
    _Rule(
        ("@",),
        re.compile(
            r"(?i)\b(postgres(?:ql)?(?:\+\w{1,20})?://)[^\s\"'<>]{0,512}@",
        ),
        r"\1***@",
    ),
    _Rule(("@",), re.compile(r"(://)[^\s/?#\"'<>]{0,512}@"), r"\1***@"),
    # Headers, to the end of the line: their grammar allows nearly everything.
    _Rule(
        ("authorization", "cookie", "x-api-key"),
        re.compile(
            r"(?i)\b((?:proxy-)?authorization|(?:set-)?cookie|x-api-key)"
            r"([\"']?\s{0,8}[:=]\s{0,8}|[\"']\s{0,8},\s{0,8})"
            r"(?:b?\"[^\"\r\n]*\"|b?'[^'\r\n]*'|[^\r\n]+)"
        ),
        r"\1\2***",
    ),
    _Rule(
        ("bearer", "basic"),
        re.compile(r"\b([Bb]earer|Basic)\s{1,8}[\w.~+/=-]{6,}"),
        r"\1 ***",
    ),
    _Rule(("nxf_",), re.compile(r"\bnxf_\w{8,}"), "nxf_***"),
    # name=value of a query, a form or a DSN.
    _Rule(
        ("=",),
        re.compile(
            rf"(?i)(?<![\w.-])({_NAME})="
            r"('[^'\r\n]*'|\"[^\"\r\n]*\"|[\"']?[^\s&;,\"']+)"
        ),
        r"\1=***",
    ),
    # "name": "value" of JSON or of a dict that was printed.
    _Rule(
        ('"', "'"),
        re.compile(
            rf"(?i)([\"']{_NAME}[\"']\s{{0,8}}:\s{{0,8}})"
            r"(\"(?:[^\"\\\r\n]|\\.)*\"|'(?:[^'\\\r\n]|\\.)*'|[^\s,}]+)"
        ),
        r'\1"***"',
    ),
)
# C0 and C1 controls and the Unicode line breaks: a log line stays one line, and a
# terminal that shows it obeys nothing in it.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")


def redact(text: str) -> str:
    """The text without passwords, tokens and keys, and on one line.

    Masked are user-info of URLs, the headers `Authorization`, `Cookie` and
    `Set-Cookie`, our own tokens, and values whose name ends in password, secret,
    token or key. Line breaks and control characters are escaped.
    """
    lower = text.lower()
    for signs, pattern, shown in _RULES:
        if any(sign in lower for sign in signs):
            text = pattern.sub(shown, text)
    return _CONTROL.sub(lambda match: repr(match[0])[1:-1], text)
