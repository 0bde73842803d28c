"""Where outgoing requests may go: nowhere, until the administrator names networks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv6Network, ip_network
from typing import Final, TypeAlias

from nxforge_core.api._denial import ITSELF, NEVER

from ._errors import NetworkEntryError
from ._own import is_own_address
from ._policy_entry import (
    Address,
    Entry,
    Network,
    is_wide,
    parse_address,
    parse_entry,
)

__all__ = ["NetworkPolicy", "is_useful", "useful_entry", "wide_entries"]

_Table: TypeAlias = Sequence[tuple[Network, str]]

_METADATA: Final = (
    "169.254.169.254/32",  # nearly every cloud
    "100.100.100.200/32",  # Alibaba Cloud
    "fd00:ec2::254/128",  # AWS
    "fd20:ce::254/128",  # Google Cloud
)
# Networks that no entry opens. The IPv6 ones carry an IPv4 address inside, and the
# machine or a gateway unpacks it behind our back; Python calls some of them global.
_NEVER: Final[_Table] = tuple(
    (ip_network(network), reason)
    for network, reason in (
        *((network, "metadata address") for network in _METADATA),
        ("0.0.0.0/8", "unspecified address"),
        ("::/128", "unspecified address"),
        ("224.0.0.0/4", "multicast address"),
        ("ff00::/8", "multicast address"),
        ("240.0.0.0/4", "reserved address"),
        ("64:ff9b::/96", "IPv4 address inside NAT64"),
        ("64:ff9b:1::/48", "IPv4 address inside NAT64"),
        ("2002::/16", "IPv4 address inside 6to4"),
        ("2001::/32", "IPv4 address inside Teredo"),
        ("::ffff:0:0:0/96", "translated IPv4 address"),
        ("::/96", "IPv4-compatible address"),
    )
)
# Opened by an entry that names the very address, never by a wider one.
_NAMED_ONLY: Final[_Table] = tuple(
    (ip_network(network), reason)
    for network, reason in (
        ("127.0.0.0/8", "loopback address"),
        ("::1/128", "loopback address"),
        ("169.254.0.0/16", "link-local address"),
        ("fe80::/10", "link-local address"),
    )
)
_SHARED: Final = ip_network("100.64.0.0/10")
_MAPPED: Final = IPv6Network("::ffff:0:0/96")


class NetworkPolicy:
    """The administrator's allow-list, judged per connection.

    Args:
        entries: What is allowed.
        own: Addresses of the installation, such as the database's.
        is_own: Whether an address belongs to this machine.
    """

    def __init__(
        self,
        entries: Sequence[Entry],
        own: frozenset[Address],
        is_own: Callable[[Address], bool] = is_own_address,
    ) -> None:
        self._entries = tuple(entries)
        self._own = own
        self._is_own = is_own

    @classmethod
    def parse(
        cls,
        allow: Sequence[str],
        own: Sequence[str] = (),
        *,
        is_own: Callable[[Address], bool] = is_own_address,
    ) -> NetworkPolicy:
        """Read the allow-list.

        Args:
            allow: Entries such as `10.20.0.0/16`, `10.20.0.7:80`, `[fd00::7]:443`.
            own: Numeric addresses of the database and other parts of the
                installation: `await own_addresses([host])`. Only an entry that names
                such an address alone opens it.
            is_own: Whether an address belongs to this machine; those are treated
                alike.

        Raises:
            NetworkEntryError: naming the entry that cannot be used.
            ValueError: an own address is not numeric.
        """
        entries = list(map(useful_entry, allow))
        return cls(entries, frozenset(map(parse_address, own)), is_own)

    def refusal(self, address: str, port: int) -> str | None:
        """Why a connection is refused, in a few words; None allows it.

        Args:
            address: The numeric address the connection goes to, as the socket gets
                it; any other spelling is refused.
            port: The port it goes to.
        """
        try:
            judged = parse_address(address)
        except ValueError:
            return "not an address"
        never = _never(judged)
        if never is not None:
            return f"{never}, {NEVER}"
        covering = [entry for entry in self._entries if entry.covers(judged, port)]
        if any(entry.is_single for entry in covering):
            return None
        named = _reason(judged, _NAMED_ONLY)
        if judged in _SHARED:
            covering = [entry for entry in covering if _inside(entry.network, _SHARED)]
        if named is None and not covering:
            return "not in network.allow"
        # Asking the kernel comes last: it costs a socket.
        if named is None and (judged in self._own or self._is_own(judged)):
            named = "address of this host or its database"
        return named and f"{named}, {ITSELF}"


def useful_entry(text: str) -> Entry:
    """Read one entry that opens something.

    Raises:
        NetworkEntryError: naming it, and why it cannot be used.
    """
    entry = parse_entry(text.strip())
    _require_useful(text, entry.network)
    return entry


def is_useful(text: str) -> bool:
    """Whether an entry opens something by the rules of this version."""
    try:
        useful_entry(text)
    except NetworkEntryError:
        return False
    return True


def wide_entries(texts: Iterable[str]) -> list[str]:
    """Those that open more than the devices of a site."""
    useful = filter(is_useful, texts)
    return [text for text in useful if is_wide(useful_entry(text).network)]


def _never(address: Address) -> str | None:
    # ::1 lies in ::/96 and is an ordinary loopback address all the same.
    return None if address.is_loopback else _reason(address, _NEVER)


def _reason(address: Address, table: _Table) -> str | None:
    return next((reason for network, reason in table if address in network), None)


def _require_useful(text: str, network: Network) -> None:
    if network.num_addresses == 1:
        never = _never(network.network_address)
    else:
        never = _reason_inside(network, (*_NEVER, (_MAPPED, "written as IPv6")))
    if never is not None:
        raise NetworkEntryError(text, f"can never be allowed: {never}", "remove it")
    wide = _reason_inside(network, _NAMED_ONLY)
    if wide is not None and network.num_addresses > 1:
        what = f"covers several addresses, each of them a {wide}"
        raise NetworkEntryError(text, what, "name each address in an entry of its own")


def _reason_inside(network: Network, table: _Table) -> str | None:
    return next((reason for outer, reason in table if _inside(network, outer)), None)


def _inside(inner: Network, outer: Network) -> bool:
    return inner.network_address in outer and inner.prefixlen >= outer.prefixlen
