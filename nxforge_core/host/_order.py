"""What somebody who makes a host asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution

from nxforge_core.api import Clock
from nxforge_core.settings import Settings

from ._deadlines import Deadlines

__all__ = ["Order"]


@dataclass(frozen=True, slots=True)
class Order:
    """A host that is to be.

    Attributes:
        distributions: Where plugins are looked for; None is all that is installed.
    """

    settings: Settings
    clock: Clock
    deadlines: Deadlines
    distributions: Sequence[Distribution] | None
