"""The allow-list: table of spellings, special addresses, and a property."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nxforge_core.security import (
    NetworkEntryError,
    NetworkPolicy,
    is_own_address,
    own_addresses,
)

_EVERYTHING = ("0.0.0.0/0", "::/0")


def _policy(allow: Sequence[str], own: Sequence[str] = ()) -> NetworkPolicy:
    """A policy on a machine without addresses, so that no test depends on this one."""
    return NetworkPolicy.parse(allow, own, is_own=lambda _: False)


# The 22 spellings of the experiments, as text that a connection might be asked for.
_SPELLINGS = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "017700000001",
    "0",
    "::ffff:127.0.0.1",
    "::1",
    "localhost",
    "169.254.169.254",
    "fe80::1",
    "224.0.0.1",
    "0.0.0.0",  # noqa: S104 - refused, not listened on
    "64:ff9b::7f00:1",
    "100.64.0.1",
    "mixed.test",
    "rebind.test",
    "[::ffff:127.0.0.1]",
    "[::1]",
    "[fe80::1]",
    "::ffff:7f00:1",
    "fe80::1%eth0",
]

_SPECIAL = [
    "127.255.255.254",
    "::ffff:169.254.169.254",
    "fd00:ec2::254",
    "fd20:ce::254",
    "100.100.100.200",
    "100.127.255.255",
    "169.254.0.1",
    "febf::1",
    "ff02::1",
    "239.1.2.3",
    "255.255.255.255",
    "240.0.0.1",
    "0.1.2.3",
    "::",
    "::ffff:0.0.0.0",
    "::10.0.0.1",
    "::ffff:0:10.0.0.1",
    "2002:a00:1::",
    "2001::a00:1",
    "2001:0:ffff::1",
    "64:ff9b::a00:1",
    "64:ff9b:1::a00:1",
    "",
    " 10.0.0.1",
    "10.0.0.1 ",
    "010.0.0.1",
    "10.0.0.1/32",
    "10.0.0.256",
    "１０.0.0.1",  # noqa: RUF001 - full-width digits on purpose
]


@pytest.mark.parametrize("address", [*_SPELLINGS, *_SPECIAL, "10.0.0.1", "fd00::1"])
def test_empty_list_refuses_everything(address: str) -> None:
    """Nothing is fetched until somebody names a network."""
    assert _policy(()).refusal(address, 80)


@pytest.mark.parametrize("address", [*_SPELLINGS, *_SPECIAL])
def test_widest_list_refuses_special_addresses(address: str) -> None:
    """No range, however wide, opens loopback, link-local, metadata and their kin."""
    assert _policy(_EVERYTHING).refusal(address, 80)


@pytest.mark.parametrize(
    "address",
    ["10.0.0.1", "192.168.1.1", "8.8.8.8", "::ffff:10.0.0.1", "fd00::1", "2a00::1"],
)
def test_widest_list_allows_ordinary_addresses(address: str) -> None:
    """Private and public addresses are a matter of the list alone."""
    assert _policy(_EVERYTHING).refusal(address, 80) is None


@pytest.mark.parametrize(
    ("entry", "address", "port", "reason"),
    [
        ("10.20.0.0/16", "10.20.255.255", 9, None),
        ("10.20.0.0/16", "10.21.0.0", 80, "not in network.allow"),
        ("10.20.0.0/16:80", "10.20.0.1", 80, None),
        ("10.20.0.0/16:80", "10.20.0.1", 81, "not in network.allow"),
        ("10.20.0.7", "10.20.0.7", 1, None),
        ("10.20.0.7", "10.20.0.8", 1, "not in network.allow"),
        ("::ffff:10.20.0.7", "10.20.0.7", 1, None),
        ("fd00:1::/32", "fd00:1:2::3", 443, None),
        ("[fd00:1::/32]:443", "fd00:1:2::3", 443, None),
        ("[fd00:1::/32]:443", "fd00:1:2::3", 80, "not in network.allow"),
        ("[fd00::7]", "fd00::7", 80, None),
        ("127.0.0.1", "127.0.0.1", 1, None),
        ("127.0.0.1/32", "127.0.0.1", 1, None),
        ("127.0.0.1:8081", "127.0.0.1", 8081, None),
        ("127.0.0.1:8081", "::ffff:127.0.0.1", 8081, None),
        ("127.0.0.1:8081", "127.0.0.1", 5432,
         "loopback address, allowed only by an entry of its own"),
        ("127.0.0.1", "127.0.0.2", 1,
         "loopback address, allowed only by an entry of its own"),
        ("[::1]:8081", "::1", 8081, None),
        ("::1/128", "::1", 1, None),
        ("169.254.7.7", "169.254.7.7", 1, None),
        ("fe80::7", "fe80::7%eth0", 1, None),
        ("fe80::7%eth0", "fe80::7", 1, None),
        ("100.64.7.7", "100.64.7.7", 1, None),
        ("100.64.0.0/16", "100.64.7.7", 1, None),
        ("100.0.0.0/8", "100.64.7.7", 1, "not in network.allow"),
        ("10.0.0.0/8", "169.254.169.254", 80, "metadata address, never allowed"),
        ("10.0.0.0/8", "224.0.0.1", 80, "multicast address, never allowed"),
        ("10.0.0.0/8", "64:ff9b::a00:1", 80,
         "IPv4 address inside NAT64, never allowed"),
        ("10.0.0.0/8", "meter.example", 80, "not an address"),
    ],
)  # fmt: skip
def test_entry_opens_what_it_names(
    entry: str, address: str, port: int, reason: str | None
) -> None:
    """Network, port and the special rules decide, and the reason says which."""
    assert _policy([entry]).refusal(address, port) == reason


def test_own_addresses_need_an_entry_of_their_own() -> None:
    """A range around the host or its database does not open them."""
    own = ["10.0.0.5", "fd00::5%eth0", "::ffff:10.0.0.6"]
    policy = _policy(["10.0.0.0/8", "fd00::/16", "10.0.0.6:80"], own)
    words = "address of this host or its database, allowed only by an entry of its own"
    assert policy.refusal("10.0.0.5", 5432) == words
    assert policy.refusal("fd00::5", 5432) == words
    assert policy.refusal("10.0.0.6", 5432) == words
    assert policy.refusal("10.0.0.6", 80) is None
    assert policy.refusal("10.0.0.7", 5432) is None


def test_addresses_of_this_machine_need_an_entry_of_their_own() -> None:
    """What the machine answers on is treated as the database is."""
    policy = NetworkPolicy.parse(
        ["10.0.0.0/8", "10.0.0.9:80"],
        is_own=lambda address: str(address) in {"10.0.0.8", "10.0.0.9"},
    )
    assert str(policy.refusal("::ffff:10.0.0.8", 80)).startswith("address of this host")
    assert policy.refusal("10.0.0.9", 80) is None
    assert str(policy.refusal("10.0.0.9", 81)).startswith("address of this host")
    assert policy.refusal("10.0.0.7", 80) is None


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("192.0.2.1", False),
        ("fd00::7", False),
    ],
)
def test_machine_knows_its_own_addresses(address: str, *, own: bool) -> None:
    """The kernel tells which addresses are ours."""
    assert is_own_address(ip_address(address)) is own


async def test_own_addresses_of_names_sockets_and_strangers() -> None:
    """Names become numbers; a socket's path and an unknown name become nothing."""
    hosts = ["/run/postgresql", "::ffff:10.0.0.5", "fe80::5%1", "no such name"]
    assert await own_addresses(hosts) == ["10.0.0.5", "fe80::5"]
    assert "127.0.0.1" in await own_addresses(["localhost"])
    assert await own_addresses(["x" * 70 + ".test"]) == []


def test_own_address_must_be_numeric() -> None:
    """The host resolves names before it asks."""
    with pytest.raises(ValueError, match="db"):
        _policy([], ["db.example"])


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("", "cannot be read"),
        ("meter.example", "is a name"),
        ("meter.example:80", "is a name"),
        ("http://10.0.0.1", "is a name"),
        ("10.0.0", "cannot be read"),
        ("10.0.0.5/8", "has bits set behind its prefix"),
        ("[fd00::5/16]:80", "has bits set behind its prefix"),
        ("10.0.0.0/33", "cannot be read"),
        ("10.0.0.1:0", "has the port 0"),
        ("10.0.0.1:65536", "has the port 65536"),
        ("10.0.0.1:80:80", "cannot be read"),
        ("[fd00::1]80", "cannot be read"),
        ("*", "cannot be read"),
        ("169.254.169.254", "can never be allowed: metadata address"),
        ("[fd00:ec2::254]:80", "can never be allowed: metadata address"),
        ("0.0.0.1", "can never be allowed: unspecified address"),
        ("::", "can never be allowed: unspecified address"),
        ("224.0.0.0/24", "can never be allowed: multicast address"),
        ("64:ff9b::/96", "can never be allowed: IPv4 address inside NAT64"),
        ("2002:a00::/32", "can never be allowed: IPv4 address inside 6to4"),
        ("::ffff:10.0.0.0/104", "can never be allowed: written as IPv6"),
        ("127.0.0.0/8", "covers several addresses, each of them a loopback address"),
        ("fe80::/10", "covers several addresses, each of them a link-local address"),
    ],
)
def test_wrong_entry_is_named(entry: str, words: str) -> None:
    """The error names the entry and what is wrong with it."""
    with pytest.raises(NetworkEntryError) as caught:
        _policy(["10.0.0.0/8", entry])
    assert f"the entry {entry!r} of network.allow {words}" in caught.value.message
    assert caught.value.entry == entry
    assert caught.value.remedy


def test_entry_with_host_bits_is_corrected_in_the_remedy() -> None:
    """Both things the person can have meant are offered."""
    with pytest.raises(NetworkEntryError) as caught:
        _policy(["10.0.0.5/8"])
    assert caught.value.remedy == "write 10.0.0.0/8 or 10.0.0.5"


_V4 = st.builds(IPv4Address, st.integers(0, 2**32 - 1))
_V6 = st.builds(IPv6Address, st.integers(0, 2**128 - 1))
_ADDRESS = st.one_of(_V4, _V6)


@given(
    allow=st.lists(
        st.tuples(st.integers(0, 2**24 - 1), st.integers(8, 24)), max_size=4
    ),
    address=_ADDRESS,
    port=st.integers(1, 65535),
)
def test_address_outside_every_entry_is_refused(
    allow: list[tuple[int, int]], address: IPv4Address | IPv6Address, port: int
) -> None:
    """Whatever the list: what lies in none of its networks is refused."""
    networks = [
        ip_network((0x0B000000 + base % 2**23 * 256, bits), strict=False)
        for base, bits in allow
    ]
    useful = [net for net in networks if not net.is_loopback]
    policy = _policy([str(net) for net in useful])
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    if not any((mapped or address) in net for net in useful):
        assert policy.refusal(str(address), port) is not None


@given(inner=_V4, port=st.integers(1, 65535))
def test_every_way_to_write_an_ipv4_address_is_judged_alike_or_refused(
    inner: IPv4Address, port: int
) -> None:
    """An IPv6 spelling of an IPv4 address is never more welcome than the address."""
    policy = _policy(["10.0.0.0/8", "::/0"])
    number = int(inner)
    mapped = ip_address((0xFFFF << 32) | number)
    assert policy.refusal(str(mapped), port) == policy.refusal(str(inner), port)
    for base in ("64:ff9b::", "64:ff9b:1::", "::", "::ffff:0:0:0", "2001::"):
        hidden = IPv6Address(int(IPv6Address(base)) | number)
        assert policy.refusal(str(hidden), port) is not None
    assert policy.refusal(str(IPv6Address((0x2002 << 112) | (number << 80))), port)
