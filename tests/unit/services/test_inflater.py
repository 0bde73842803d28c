"""Unpacking in pieces."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nxforge_core.api import OutboundTooLargeError
from nxforge_core.services import OutboundAnswerError
from nxforge_core.services._inflate import Inflater

PACKED = {
    "identity": lambda body: body,
    "gzip": gzip.compress,
    "deflate": zlib.compress,
}


def inflate(coding: str, pieces: list[bytes], limit: int = 10_000) -> bytes:
    """Feed all pieces."""
    inflater = Inflater("http://meter/", coding, limit)
    for piece in pieces:
        inflater.feed(piece)
    return inflater.finish()


@given(
    body=st.binary(max_size=9_000),
    coding=st.sampled_from(sorted(PACKED)),
    step=st.integers(1, 200),
)
def test_inflater_gives_back_the_body_however_it_is_cut(
    body: bytes, coding: str, step: int
) -> None:
    """Where the pieces end does not matter."""
    sent = PACKED[coding](body)
    pieces = [sent[at : at + step] for at in range(0, len(sent), step)]
    assert inflate(coding, pieces) == body


@given(junk=st.binary(max_size=300), coding=st.sampled_from(["gzip", "deflate"]))
def test_inflater_knows_one_error_for_junk(junk: bytes, coding: str) -> None:
    """Arbitrary bytes are either a body or one of two errors."""
    try:
        body = inflate(coding, [junk], limit=1_000)
    except (OutboundAnswerError, OutboundTooLargeError):
        return
    assert len(body) <= 1_000


def test_inflater_stops_at_the_limit() -> None:
    """The first byte too many is refused; the limit itself is not."""
    packed = gzip.compress(bytes(10_001))
    with pytest.raises(OutboundTooLargeError) as caught:
        inflate("gzip", [packed])
    assert caught.value.limit == 10_000
    assert len(inflate("gzip", [packed], limit=10_001)) == 10_001


def test_inflater_ignores_what_trails_a_gzip_body() -> None:
    """Padding behind the packed body is no part of it."""
    assert inflate("gzip", [gzip.compress(b"kWh") + bytes(8)]) == b"kWh"


def test_inflater_refuses_an_unknown_encoding() -> None:
    """What cannot be unpacked is said before anything is read."""
    with pytest.raises(OutboundAnswerError, match="'br'"):
        Inflater("http://meter/", "br", 10)
