"""What somebody wants on the start page, and in which order."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

__all__ = ["Layout"]


class Layout(msgspec.Struct, frozen=True):
    """An order of cards, by their names; what is not named follows at the end.

    Cards that are not offered, because their plugin does not run, keep their places.

    Attributes:
        cards: In order, hidden ones among them.
        hidden: Those that are not shown.
    """

    cards: Sequence[str] = ()
    hidden: Sequence[str] = ()

    def arranged(self, offered: Sequence[str]) -> list[str]:
        """The cards that are offered, in the order that is wanted."""
        known = [name for name in self.cards if name in offered]
        return known + [name for name in offered if name not in known]

    def moved(self, offered: Sequence[str], name: str, step: int) -> Layout:
        """With one card so many places further down; a negative step is upwards."""
        order = self.arranged(offered)
        if name not in order:
            return self
        place = order.index(name)
        order.insert(max(place + step, 0), order.pop(place))
        return Layout(self._with(order), self.hidden)

    def hiding(self, offered: Sequence[str], name: str, *, hide: bool) -> Layout:
        """With one card hidden, or shown again, where it is."""
        hidden = [each for each in self.hidden if each != name]
        order = self._with(self.arranged(offered))
        return Layout(order, [*hidden, name] if hide else hidden)

    def _with(self, order: list[str]) -> list[str]:
        """All places, those of the offered cards filled anew."""
        rest = iter(order)
        kept = [next(rest) if name in order else name for name in self.cards]
        return [*kept, *rest]
