"""Which names the host answers to, so that none that an attacker chose leads here."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from ipaddress import ip_address
from typing import Final

__all__ = ["HostNames"]

_SHAPE: Final = re.compile(
    rb"(?:\[(?P<six>[0-9A-Fa-f:.]{2,45})\]|(?P<name>[A-Za-z0-9._-]{1,253}))(?::\d{1,5})?\Z"
)
_REMEMBERED: Final = 1024


class HostNames:
    """Judges the header `Host`.

    A page that a browser got from `http://evil.example` may ask `evil.example` again
    after that name was pointed at this machine. An address cannot be pointed elsewhere.
    Nor can, by a stranger, a name without a dot: without a list those count as well.

    Args:
        listed: Names, `*.example.org` for all below one, `*` for all.
    """

    def __init__(self, listed: Iterable[str] = ()) -> None:
        names = [name.lower() for name in listed]
        self._all = "*" in names
        self._exact = {name for name in names if not name.startswith("*")}
        self._below = tuple(name[1:] for name in names if name.startswith("*."))
        self._open = not names
        if self._open:
            self._exact.add(socket.gethostname().lower())
        self._known: dict[bytes, bool] = {}

    def name(self, header: bytes) -> str | None:
        """The name or address in the header, in lower case; None if it is no host."""
        match = _SHAPE.match(header)
        if match is None:
            return None
        six = match["six"]
        if six is not None:
            return str(six, "ascii").lower() if _is_address(str(six, "ascii")) else None
        return str(match["name"], "ascii").lower().removesuffix(".") or None

    def accepts(self, header: bytes) -> bool:
        """Whether the host answers to what the header says; it has to be a host."""
        if (known := self._known.get(header)) is not None:
            return known
        name = self.name(header)
        accepted = name is not None and self._is_ours(name)
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[header] = accepted
        return accepted

    def _is_ours(self, name: str) -> bool:
        return (
            self._all
            or name in self._exact
            or name == "localhost"
            or name.endswith((".localhost", *self._below))
            or (self._open and "." not in name)
            or _is_address(name)
        )


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
