"""Whose word about the client's address counts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nxforge_core.api import InvalidInputError
from nxforge_core.host._proxies import Proxies

PROXIES = Proxies(["10.0.0.0/24", "fd00::7"])


def scope(peer: str | None, *headers: tuple[bytes, bytes]) -> dict[str, Any]:
    """A request from a peer."""
    client = None if peer is None else (peer, 1234)
    return {"client": client, "scheme": "http", "headers": list(headers)}


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("10.0.0.7", b"192.0.2.1", "192.0.2.1"),
        ("fd00::7", b"192.0.2.1", "192.0.2.1"),
        ("10.0.0.7", b"6.6.6.6, 192.0.2.1", "192.0.2.1"),
        ("10.0.0.7", b"6.6.6.6, 192.0.2.1, 10.0.0.8", "192.0.2.1"),
        ("10.0.0.7", b"10.0.0.9", "10.0.0.9"),
        ("10.0.0.7", b"192.0.2.1:4711", "192.0.2.1"),
        ("10.0.0.7", b"[2001:db8::1]:4711", "2001:db8::1"),
        ("10.0.0.7", b"::ffff:192.0.2.1", "192.0.2.1"),
        ("10.0.0.7", b"", "10.0.0.7"),
        ("192.0.2.9", b"6.6.6.6", "192.0.2.9"),
        ("127.0.0.1", b"6.6.6.6", "127.0.0.1"),
    ],
)
def test_address_is_the_last_that_a_trusted_proxy_saw(
    peer: str, forwarded: bytes, address: str
) -> None:
    """What a stranger wrote into the header counts nowhere."""
    seen = PROXIES.look_through(scope(peer, (b"x-forwarded-for", forwarded)))

    assert seen["client"][0] == address


def test_scheme_is_believed_of_trusted_proxies_only() -> None:
    """TLS ends at the proxy; nobody else says so."""
    told = (b"x-forwarded-proto", b"https")

    assert PROXIES.look_through(scope("10.0.0.7", told))["scheme"] == "https"
    assert PROXIES.look_through(scope("10.0.1.7", told))["scheme"] == "http"
    assert PROXIES.look_through(scope(None, told))["scheme"] == "http"
    assert Proxies().look_through(scope("127.0.0.1", told))["scheme"] == "http"


@given(value=st.binary(max_size=200), scheme=st.binary(max_size=20))
def test_any_header_gives_an_address_and_a_scheme(value: bytes, scheme: bytes) -> None:
    """Garbage of a trusted proxy is bounded text, and never a third scheme."""
    headers = [(b"x-forwarded-for", value), (b"x-forwarded-proto", scheme)]
    seen = PROXIES.look_through(scope("10.0.0.7", *headers))

    assert len(seen["client"][0]) <= 64
    assert seen["scheme"] in ("http", "https")


def test_what_is_no_network_is_refused() -> None:
    """A host with a typing error in its settings does not start."""
    with pytest.raises(InvalidInputError, match="trusted_proxies"):
        Proxies(["proxy.example.org"])


def test_forwarder_that_is_not_believed_is_noticed() -> None:
    """The first address that forwards without being trusted is kept for the doctor."""
    proxies = Proxies(["192.0.2.1"])
    forwarded = [(b"x-forwarded-for", b"198.51.100.1")]
    proxies.look_through({"client": ("192.0.2.1", 1), "headers": forwarded})
    proxies.look_through({"client": ("203.0.113.9", 1), "headers": []})
    before = proxies.ignored
    for peer in ("203.0.113.9", "203.0.113.10"):
        proxies.look_through({"client": (peer, 1), "headers": forwarded})

    assert before is None
    assert proxies.ignored == "203.0.113.9"
