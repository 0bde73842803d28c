"""What may stand in a log."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nxforge_core.security import redact


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("http://admin:canary@10.0.0.7/x?page=2", "http://***@10.0.0.7/x?page=2"),
        ("http://canary@10.0.0.7/", "http://***@10.0.0.7/"),
        ("http://a:can@ary@10.0.0.7/", "http://***@10.0.0.7/"),
        (
            "http://10.0.0.7/mail/ada@example.org",
            "http://10.0.0.7/mail/ada@example.org",
        ),
        ("postgresql://u:canary/?#@x@db/n", "postgresql://***@db/n"),
        ("postgresql+psycopg://u:canary@db/n", "postgresql+psycopg://***@db/n"),
        ("host=db password=canary user=u", "host=db password=*** user=u"),
        ("host=db password='can ary' user=u", "host=db password=*** user=u"),
        ("password='canary", "password=***"),
        ("/data?token=canary&n=1&api_key=canary", "/data?token=***&n=1&api_key=***"),
        ("?Password=canary;secret=canary", "?Password=***;secret=***"),
        ("Authorization: Bearer canary", "Authorization: ***"),
        ('authorization: Digest username="u", response="canary"', "authorization: ***"),
        ("Proxy-Authorization=Basic canary", "Proxy-Authorization=***"),
        ("Cookie: a=canary; b=canary", "Cookie: ***"),
        ("Set-Cookie: sid=canary; HttpOnly", "Set-Cookie: ***"),
        ("{'Cookie': 'a=canary', 'n': 1}", "{'Cookie': ***, 'n': 1}"),
        ("[(b'authorization', b'Basic canary')]", "[(b'authorization', ***)]"),
        ("sent Bearer canary-canary today", "sent Bearer *** today"),
        ('{"password": "can\\"ary", "n": 1}', '{"password": "***", "n": 1}'),
        ("{'api_token': 'canary', 'n': 1}", "{'api_token': \"***\", 'n': 1}"),
        ("{'key': 12345, 'n': 1}", "{'key': \"***\", 'n': 1}"),
        ("token nxf_canary0123 given", "token nxf_*** given"),
        ("basic settings and a monkey", "basic settings and a monkey"),
        ("the token has expired", "the token has expired"),
        ("a=1&b=2", "a=1&b=2"),
    ],
)
def test_credentials_are_masked_and_the_rest_stays(text: str, shown: str) -> None:
    """Each form a credential takes in a log is masked; other text is untouched."""
    assert redact(text) == shown
    assert "canary" not in redact(text)


def test_second_line_does_not_hide_behind_a_header() -> None:
    """A header is masked to the end of its own line."""
    assert redact("Cookie: a=canary\nnext") == "Cookie: ***\\nnext"


@given(st.text())
def test_redacted_text_is_one_printable_line(text: str) -> None:
    """No text can begin a second log line or send a command to a terminal."""
    shown = redact(text)
    assert len(shown.splitlines()) <= 1
    assert not any(ord(mark) < 32 and mark != "\t" for mark in shown)
    assert "\x1b" not in shown


@pytest.mark.parametrize(
    "piece",
    [
        "token",
        "a.token",
        "'token",
        "x=",
        "' :",
        "postgres://",
        "Bearer ",
        "nxf_",
        "://",
        "password='",
        '"password": "',
        "a" * 60,
        "Cookie:",
        "://a:b",
        "'",
    ],
)
def test_hostile_text_takes_no_longer_than_other_text(piece: str) -> None:
    """The rules stay fast on 200 kB of text made to slow them down."""
    text = piece * (200_000 // len(piece))
    start = time.process_time()
    redact(text)
    assert time.process_time() - start < 2
