"""What an administrator is told about a refused address."""

from __future__ import annotations

import pytest

from nxforge_core.api import OutboundDeniedError
from nxforge_core.security import NetworkPolicy


@pytest.mark.parametrize(
    ("address", "port", "entry", "network"),
    [
        ("10.20.0.7", 80, "10.20.0.7:80", "10.20.0.0/24"),
        ("fd00::7", 8443, "[fd00::7]:8443", "fd00::/64"),
        ("10.20.0.7", 0, "10.20.0.7", "10.20.0.0/24"),
        ("127.0.0.1", 5432, "127.0.0.1:5432", ""),
        ("169.254.7.7", 80, "169.254.7.7:80", ""),
        ("169.254.169.254", 80, "", ""),
        ("ff02::1", 80, "", ""),
        ("nonsense", 80, "nonsense:80", ""),
    ],
)
def test_refusal_names_address_network_and_remedy(
    address: str, port: int, entry: str, network: str
) -> None:
    """What would open the address follows, and only where something would."""
    why = NetworkPolicy.parse(["10.9.0.0/16"]).refusal(address, port)
    error = OutboundDeniedError("http://meter.test/", address, str(why), port)

    assert f"{address} is refused ({why})" in error.message
    assert (f"'nxforge network allow {entry}'" in error.remedy) is bool(entry)
    assert (f"(or its network: {network})" in error.remedy) is bool(network)
    assert ("no entry of network.allow opens" in error.remedy) is not bool(entry)
    assert (error.address, error.port, error.why) == (address, port, why)


@pytest.mark.parametrize(
    ("address", "port"),
    [("10.20.0.7", 80), ("fd00::7", 8443), ("127.0.0.1", 5432), ("::1", 1)],
)
def test_remedy_works_as_it_is_written(address: str, port: int) -> None:
    """The entry that the remedy names opens what was refused."""
    why = NetworkPolicy.parse([], is_own=lambda _: False).refusal(address, port)
    remedy = OutboundDeniedError("http://x/", address, str(why), port).remedy
    entry = remedy.partition("nxforge network allow ")[2].partition("'")[0]

    assert NetworkPolicy.parse([entry]).refusal(address, port) is None
