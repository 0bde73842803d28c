"""How much a pool was used, for whoever asks what a plugin costs."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Lending"]


@dataclass(slots=True)
class Lending:
    """Counts since the process started; a pool adds to it.

    Attributes:
        lent: How often a connection was lent, for a statement or a transaction.
        waited: Seconds in which somebody waited for one.
        held: Seconds in which somebody had one.
    """

    lent: int = 0
    waited: float = 0.0
    held: float = 0.0
