"""What each plugin costs in this process, added up since it started."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from nxforge_core.api import PluginId
from nxforge_core.database import Lending

__all__ = ["Account", "Ledger"]


@dataclass(slots=True)
class Account:
    """Of one plugin; whoever works for it adds to it.

    Attributes:
        requests: That its routes answered.
        failures: Those of them that were answered 500 or above, or not at all.
        answering: Seconds until answers began.
        database: Of its own pool.
        fetches: Requests that it sent.
        fetch_failures: Those of them that got no answer.
        fetching: Seconds of them.
        blocks: How often its code blocked the event loop.
        blocked: Seconds of that.
        stack: Where it did last, the innermost call at the end.
    """

    requests: int = 0
    failures: int = 0
    answering: float = 0.0
    database: Lending = field(default_factory=Lending)
    fetches: int = 0
    fetch_failures: int = 0
    fetching: float = 0.0
    blocks: int = 0
    blocked: float = 0.0
    stack: tuple[str, ...] = ()


class Ledger:
    """The accounts of all plugins; they outlive a plugin's reload."""

    def __init__(self) -> None:
        self._accounts: dict[PluginId, Account] = {}

    def of(self, plugin: PluginId) -> Account:
        """The account of a plugin, empty at first."""
        return self._accounts.setdefault(plugin, Account())

    def __iter__(self) -> Iterator[tuple[PluginId, Account]]:
        return iter(tuple(self._accounts.items()))
