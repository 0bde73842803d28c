"""What is refused by its head, whatever the route."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nxforge_core.host._errors import EncodedBodyError, MisdirectedError, NoHostError
from nxforge_core.host._gate import Gate
from nxforge_core.host._host_names import HostNames
from nxforge_core.security.people import CrossOriginError
from nxforge_core.settings import ServerSettings

APP = "https://app.example"


async def send(_: Any) -> None:
    """Send nothing."""


def scope(method: str = "GET", **headers: str) -> dict[str, Any]:
    """A request of HTTP/1.1, for an address if nothing else is said."""
    given = {"host": "10.0.0.7:8080", **headers}
    pairs = [
        (name.replace("_", "-").encode(), value.encode())
        for name, value in given.items()
        if value
    ]
    return {"method": method, "headers": pairs, "http_version": "1.1"}


@pytest.mark.parametrize(
    "host",
    [
        "10.0.0.7",
        "10.0.0.7:8080",
        "[::1]",
        "[fd00::7]:443",
        "localhost:8080",
        "nx.localhost",
        "metering",
        "METERING:80",
    ],
)
def test_without_a_list_names_count_that_no_stranger_can_point_here(host: str) -> None:
    """Addresses, localhost and names without a dot need no setting."""
    answer, same = Gate(ServerSettings()).admit(scope(host=host), send)

    assert (answer, same) == (None, send)


@pytest.mark.parametrize(
    "host", ["evil.example", "10.0.0.7.evil.example", "127.1", "localhost.evil.example"]
)
def test_other_names_are_misdirected(host: str) -> None:
    """A name that its owner can point at this machine opens nothing."""
    with pytest.raises(MisdirectedError) as caught:
        Gate(ServerSettings()).admit(scope(host=host), send)

    assert caught.value.name == host
    assert "server.hosts" in caught.value.remedy


@pytest.mark.parametrize(
    "host",
    [
        "",
        "a b",
        "a,b",
        "u@nx",
        "nx:port",
        "[::1",
        "[nx]",
        "nx/",
        "nx:123456",
        "\xe4",
    ],
)
def test_what_is_no_host_is_refused(host: str) -> None:
    """None, several in one, credentials, a path: none of these says a host."""
    with pytest.raises(NoHostError):
        Gate(ServerSettings(hosts=("*",))).admit(scope(host=host), send)


def test_two_hosts_are_refused() -> None:
    """Whichever of two is meant, somebody else may mean the other."""
    twice = scope()
    twice["headers"].append((b"host", b"10.0.0.7:8080"))

    with pytest.raises(NoHostError):
        Gate(ServerSettings()).admit(twice, send)


def test_old_health_checks_send_no_host() -> None:
    """HTTP/1.0 knows no Host; no browser speaks it."""
    old = {**scope(host=""), "http_version": "1.0"}

    assert Gate(ServerSettings()).admit(old, send) == (None, send)


@pytest.mark.parametrize(
    ("host", "accepted"),
    [
        ("nx.example.org", True),
        ("NX.example.org.", True),
        ("nx.example.org:8443", True),
        ("a.lab.example.org", True),
        ("lab.example.org", False),
        ("evillab.example.org", False),
        ("metering", False),
        ("10.0.0.7", True),
        ("localhost", True),
        ("example.org", False),
    ],
)
def test_list_names_the_hosts(host: str, accepted: bool) -> None:  # noqa: FBT001  # pytest passes it by name
    """With a list only its names count, and addresses."""
    names = HostNames(["nx.example.org", "*.lab.example.org"])

    assert names.accepts(host.encode()) is accepted
    assert names.accepts(host.encode()) is accepted


@given(st.binary(max_size=60))
def test_no_header_breaks_the_judgement(header: bytes) -> None:
    """Whatever bytes come as Host, the answer is yes or no."""
    assert HostNames().accepts(header) in (True, False)


@pytest.mark.parametrize("encoding", ["gzip", "br", "GZIP", "identity, gzip", "x"])
def test_encoded_body_is_refused(encoding: str) -> None:
    """Nothing is decompressed, so nothing can explode."""
    gate = Gate(ServerSettings())

    assert gate.admit(scope("POST", content_encoding="identity"), send)[0] is None
    with pytest.raises(EncodedBodyError):
        gate.admit(scope("POST", content_encoding=encoding), send)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://10.0.0.7:9999"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"origin": APP, "authorization": "Bearer x"},
    ],
)
def test_other_origins_change_nothing(method: str, headers: dict[str, str]) -> None:
    """On every unsafe method, whatever the credential; a token is no excuse."""
    with pytest.raises(CrossOriginError):
        Gate(ServerSettings()).admit(scope(method, **headers), send)


def test_own_pages_and_programs_pass() -> None:
    """A page of the host says so; a program says nothing."""
    gate = Gate(ServerSettings())

    own = {"origin": "http://10.0.0.7:8080", "sec_fetch_site": "same-origin"}
    for headers in ({}, own):
        assert gate.admit(scope("POST", **headers), send) == (None, send)


async def test_listed_origin_may_call_without_cookies() -> None:
    """CORS opens the API to the listed origin's pages, and never with credentials."""
    gate = Gate(ServerSettings(cors_origins=(APP,)))
    sent: list[Any] = []

    async def note(message: Any) -> None:
        sent.append(message)

    asked = {"origin": APP, "access_control_request_method": "POST"}
    early, _ = gate.admit(scope("OPTIONS", **asked), note)
    answer, telling = gate.admit(scope("POST", origin=APP), note)
    await telling({"type": "http.response.start", "status": 200, "headers": []})

    assert answer is None
    assert early is not None
    assert early.extra["access-control-allow-origin"] == APP
    assert "authorization" in early.extra["access-control-allow-headers"]
    told = dict(sent[0]["headers"])
    assert told[b"access-control-allow-origin"] == APP.encode()
    assert told[b"vary"] == b"origin"
    assert "access-control-allow-credentials" not in early.extra
    assert b"access-control-allow-credentials" not in told


@pytest.mark.parametrize("listed", [(), (APP,)])
def test_nobody_else_is_told_anything(listed: tuple[str, ...]) -> None:
    """Without a setting there is no CORS, with one only for its origins."""
    gate = Gate(ServerSettings(cors_origins=listed))
    asked = {"origin": f"{APP}.evil", "access_control_request_method": "POST"}

    assert gate.admit(scope("OPTIONS", **asked), send) == (None, send)
    assert gate.admit(scope("GET", origin=f"{APP}.evil"), send) == (None, send)
