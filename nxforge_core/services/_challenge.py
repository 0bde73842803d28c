"""Reading `WWW-Authenticate` as devices really write it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

__all__ = ["Challenge", "read_challenge"]

_TOKEN: Final = re.compile(r'"((?:[^"\\]|\\.)*)"?|([^\s,="]+)|([,=])')
_ESCAPED: Final = re.compile(r"\\(.)")
_SENDABLE: Final = re.compile(r"[\x20-\x7e]*\Z")
#: How the algorithms are spelled, and without the dash. The answer repeats the
#: device's own spelling: it may compare it.
_HASHES: Final = {"md5": "md5", "sha-256": "sha256", "sha256": "sha256"}
_SESS: Final = "-sess"


class Challenge(NamedTuple):
    """What a device wants a password's digest to be made of.

    Attributes:
        algorithm: As the device wrote it; empty if it did not.
        digest: Name of the hash for `hashlib`.
        per_session: The algorithm has `-sess`.
        qop: `auth`, `auth-int`, or empty as before RFC 2617.
        opaque: None if there is none.
    """

    realm: str
    nonce: str
    algorithm: str
    digest: str
    per_session: bool
    qop: str
    opaque: str | None


def read_challenge(headers: Iterable[str]) -> Challenge | None:
    """The first digest challenge that can be answered; None if there is none.

    Reads several challenges in one header, missing commas and quotes, quotes that
    never end, and any order and case of the names.
    """
    for header in headers:
        for scheme, parts in _schemes(header):
            if scheme.lower() == "digest" and (found := _challenge(parts)) is not None:
                return found
    return None


def _challenge(parts: dict[str, str]) -> Challenge | None:
    algorithm = parts.get("algorithm", "")
    name = algorithm.lower().removesuffix(_SESS) or "md5"
    qop = _quality(parts.get("qop", ""))
    sendable = all(_SENDABLE.match(value) for value in parts.values())
    if name not in _HASHES or qop is None or "nonce" not in parts or not sendable:
        return None
    return Challenge(
        realm=parts.get("realm", ""),
        nonce=parts["nonce"],
        algorithm=algorithm,
        digest=_HASHES[name],
        per_session=algorithm.lower().endswith(_SESS),
        qop=qop,
        opaque=parts.get("opaque"),
    )


def _quality(offered: str) -> str | None:
    words = offered.lower().replace(",", " ").split()
    if not words:
        return ""
    return next((word for word in ("auth", "auth-int") if word in words), None)


class _Piece(NamedTuple):
    text: str
    kind: str


def _schemes(header: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Each challenge of a header: its scheme, and what stands behind it."""
    pieces = [*_pieces(header), _Piece("", "end")]
    scheme, parts, at = "", dict[str, str](), 0
    while pieces[at].kind != "end":
        piece, behind = pieces[at], pieces[at + 1]
        if piece.kind == "word" and behind.text == "=" and behind.kind == "sign":
            value, at = _value(pieces, at + 2)
            parts.setdefault(piece.text.lower(), value)
            continue
        if piece.kind == "word":
            yield scheme, parts
            scheme, parts = piece.text, {}
        at += 1
    yield scheme, parts


def _value(pieces: list[_Piece], at: int) -> tuple[str, int]:
    """The value that begins here, and where what follows it begins."""
    if pieces[at].kind == "quoted":
        return pieces[at].text, at + 1
    value = ""
    while (piece := pieces[at]).kind in {"word", "sign"} and piece.text != ",":
        begins_next = piece.kind == "word" and pieces[at + 1].text == "="
        if value and begins_next:
            break
        apart = piece.kind == "word" and value and not value.endswith("=")
        value, at = f"{value}{' ' if apart else ''}{piece.text}", at + 1
    return value, at


def _pieces(header: str) -> Iterator[_Piece]:
    for match in _TOKEN.finditer(header):
        quoted, word, sign = match.groups()
        if quoted is not None:
            yield _Piece(_ESCAPED.sub(r"\1", quoted), "quoted")
        else:
            yield _Piece(word or sign, "word" if word else "sign")
