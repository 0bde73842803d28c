"""Digest credentials: challenges as devices write them, answers as RFC 7616 does."""

from __future__ import annotations

import re
from typing import Final

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nxforge_core.api import DigestAuth
from nxforge_core.services._challenge import Challenge, read_challenge
from nxforge_core.services._digest import Digest

MUFASA: Final = DigestAuth("Mufasa", "Circle of Life")
REALM: Final = 'realm="http-auth@example.org"'
NONCE: Final = 'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"'
OPAQUE: Final = 'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
CNONCE: Final = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"


def challenge(header: str) -> Challenge:
    """Return what a header asks for."""
    found = read_challenge([header])
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        (
            "SHA-256",
            "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
        ),
        ("SHA256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_digest_equals_the_example_of_the_rfc(algorithm: str, response: str) -> None:
    """Section 3.9.1; the algorithm is spelled as the device spells it."""
    asked = challenge(
        f'Digest {REALM}, qop="auth, auth-int", algorithm={algorithm}, {NONCE}, '
        f"{OPAQUE}"
    )

    sent = Digest(asked, CNONCE).authorization(MUFASA, "GET", "/dir/index.html", b"")

    assert sent == (
        f'Digest username="Mufasa", {REALM}, {NONCE}, uri="/dir/index.html", '
        f'response="{response}", algorithm={algorithm}, {OPAQUE}, qop=auth, '
        f'nc=00000001, cnonce="{CNONCE}"'
    )


@pytest.mark.parametrize(
    ("algorithm", "qop"),
    [
        ("MD5", 'qop="auth"'),
        ("MD5", ""),
        ("SHA-256", 'qop="auth-int,auth"'),
        ("MD5-SESS", 'qop="auth"'),
        ("sha-256-sess", 'qop="auth"'),
    ],
)
def test_digest_equals_that_of_httpx(algorithm: str, qop: str) -> None:
    """Where a header follows the grammar, both answer the same."""
    header = ", ".join(
        part
        for part in (f"Digest {REALM}", NONCE, f"algorithm={algorithm}", qop)
        if part
    )
    request = httpx.Request("POST", "http://meter/a?b=1", content=b"x")
    flow = httpx.DigestAuth("Mufasa", "Circle of Life").auth_flow(request)
    next(flow)
    refusal = httpx.Response(401, headers={"www-authenticate": header}, request=request)
    theirs = parts(flow.send(refusal).headers["authorization"])

    ours = parts(
        Digest(challenge(header), theirs.get("cnonce", "x")).authorization(
            MUFASA, "POST", "/a?b=1", b"x"
        )
    )

    assert ours == theirs


def parts(header: str) -> dict[str, str]:
    """Split a well-formed header."""
    found = re.findall(r'(\w+)=(?:"([^"]*)"|([^,]*))', header)
    return {name: quoted or plain for name, quoted, plain in found}


def test_digest_counts_its_answers() -> None:
    """The same nonce is used again with a higher count, and another answer."""
    digest = Digest(challenge(f'Digest {REALM}, {NONCE}, qop="auth"'))

    first, second = (
        parts(digest.authorization(MUFASA, "GET", "/", b"")) for _ in range(2)
    )

    assert (first["nc"], second["nc"]) == ("00000001", "00000002")
    assert first["cnonce"] == second["cnonce"]
    assert first["response"] != second["response"]


def test_digest_covers_the_body_when_only_integrity_is_offered() -> None:
    """`auth-int` alone is answered, and depends on what is sent."""
    asked = challenge(f'Digest {REALM}, {NONCE}, qop="auth-int"')

    one, other = (
        parts(Digest(asked, CNONCE).authorization(MUFASA, "POST", "/", body))
        for body in (b"a", b"b")
    )

    assert one["qop"] == "auth-int"
    assert one["response"] != other["response"]


def test_digest_sends_a_name_beyond_ascii_as_the_rfc_says() -> None:
    """`username*` carries it, and the header stays ASCII."""
    sent = Digest(challenge(f"Digest {REALM}, {NONCE}")).authorization(
        DigestAuth("Jäsøn", "x"), "GET", "/", b""
    )

    assert sent.startswith("Digest username*=UTF-8''J%C3%A4s%C3%B8n, ")
    assert sent.isascii()


BROKEN = {
    "lower case scheme": 'digest realm="r d",nonce="n=1",qop="auth"',
    "no quotes": "Digest realm=r d, nonce=n=1, qop=auth,auth-int",
    "no commas": 'Digest realm="r d" nonce="n=1" qop="auth"',
    "neither": "Digest realm=r d nonce=n=1 qop=auth",
    "a quote that never ends": 'Digest qop="auth", realm="r d", nonce="n=1',
    "empty members": 'Digest ,realm="r d",, nonce="n=1",qop="auth",',
    "spaces around the sign": 'Digest realm = "r d", nonce = "n=1", qop = "auth"',
    "another order and case": 'DIGEST QOP="Auth", NONCE="n=1", Realm="r d"',
    "after basic": 'Basic realm="x", Digest realm="r d", nonce="n=1", qop="auth"',
    "before basic": 'Digest realm="r d", nonce="n=1", qop="auth", Basic realm="x"',
    "after what cannot be used": (
        'Negotiate abc==, Digest realm="q", nonce="m", algorithm=SHA-512-256, '
        'Digest realm="r d", nonce="n=1", qop=auth'
    ),
    "said twice": 'Digest realm="r d", nonce="n=1", realm="z", qop="auth"',
}


@pytest.mark.parametrize("name", BROKEN)
def test_challenge_is_read_when_it_is_broken(name: str) -> None:
    """What devices write is read as they mean it."""
    asked = challenge(BROKEN[name])

    assert (asked.realm, asked.nonce, asked.qop) == ("r d", "n=1", "auth")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Digest",
        'Basic realm="x"',
        'Digest realm="r"',
        'Digest realm="r", nonce="n", algorithm=SHA-512-256',
        'Digest realm="r", nonce="n", qop="confidential"',
        'Digest realm="r", nonce="n\xe9"',
        '=,="',
    ],
)
def test_challenge_is_none_when_it_cannot_be_answered(header: str) -> None:
    """Then the 401 is the answer."""
    assert read_challenge([header]) is None


def test_challenge_is_found_in_the_second_header() -> None:
    """A device may send one header for each scheme."""
    found = read_challenge(['Basic realm="x"', 'Digest realm="r", nonce="n"'])

    assert found is not None
    assert found.nonce == "n"


@given(st.text(max_size=200) | st.from_regex(r"Digest( \w+=\"?[^\"]*\"?,?)*"))
def test_challenge_never_fails(header: str) -> None:
    """Whatever a device writes, reading it ends with a challenge or with none."""
    found = read_challenge([header])

    assert found is None or found.nonce is not None


def test_challenge_reads_quoted_quotes() -> None:
    """An escaped quote is part of the value, and goes back escaped."""
    asked = challenge(r'Digest realm="a \"b\" \\c", nonce="n"')

    sent = Digest(asked).authorization(MUFASA, "GET", "/", b"")

    assert asked.realm == 'a "b" \\c'
    assert r'realm="a \"b\" \\c"' in sent
