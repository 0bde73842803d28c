"""The words of a refused address, and what would open it."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Final

__all__ = ["ITSELF", "NEVER", "denial_remedy"]

#: How the reason ends where no entry opens the address.
NEVER: Final = "never allowed"
#: How it ends where an entry has to name the very address.
ITSELF: Final = "allowed only by an entry of its own"


def denial_remedy(address: str, port: int, why: str) -> str:
    """What an administrator could do about it.

    Args:
        address: The refused address, as a number.
        port: The port that was asked for; 0 is not known.
        why: The policy's reason.
    """
    if why.endswith(NEVER):
        return "ask for another address: no entry of network.allow opens this one"
    place = _place(address, port)
    if why.endswith(ITSELF):
        return (
            f"let an administrator name the address itself: 'nxforge network allow "
            f"{place}', or an entry {place!r} in the setting network.allow"
        )
    around = _around(address)
    wider = f" (or its network: {around})" if around else ""
    return (
        f"let an administrator allow it: 'nxforge network allow {place}'{wider}, "
        f"or an entry in the setting network.allow"
    )


def _place(address: str, port: int) -> str:
    if not port:
        return address
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _around(address: str) -> str:
    """The usual size of a network in a data centre."""
    bits = 64 if ":" in address else 24
    try:
        return str(ip_network(f"{address}/{bits}", strict=False))
    except ValueError:
        return ""
