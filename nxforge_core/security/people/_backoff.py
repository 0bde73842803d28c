"""How long the next log-in has to wait: arithmetic without a database or a clock."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Final

import msgspec

__all__ = ["ACCOUNT", "ADDRESS", "PAIR", "Rule", "Trouble", "after_failure"]

#: 2**64 seconds are longer than any `longest`; more would leave the range of floats.
_MOST_DOUBLINGS: Final = 64.0


class Rule(msgspec.Struct, frozen=True):
    """When failures cost time, how much, and how fast they are forgotten.

    Attributes:
        free: Failures that cost nothing.
        leak: Seconds after which one failure is forgotten.
        longest: Seconds that one more try has to wait at the most.
        first: Seconds after the first failure that is not free; each further one
            doubles them.
    """

    free: float
    leak: float
    longest: float
    first: float = 1.0

    def pause(self, failures: float) -> float:
        """Seconds between so many failures and the next try."""
        over = failures - self.free
        if over <= 0:
            return 0.0
        return min(self.longest, self.first * math.exp2(min(over - 1, _MOST_DOUBLINGS)))


class Trouble(msgspec.Struct, frozen=True):
    """Failures so far, those forgotten taken off, and when the last one was."""

    failures: float
    last_at: datetime

    def level(self, rule: Rule, now: datetime) -> float:
        """What is left of the failures now."""
        return max(0.0, self.failures - self._age(now) / rule.leak)

    def remaining(self, rule: Rule, now: datetime) -> float:
        """Seconds until the next try is let through."""
        return max(0.0, rule.pause(self.failures) - self._age(now))

    def refunded(self, failures: float = 1.0) -> Trouble:
        """The same without a failure that turned out to be none."""
        return Trouble(max(0.0, self.failures - failures), self.last_at)

    def _age(self, now: datetime) -> float:
        # A clock of another host may be a little ahead.
        return max(0.0, (now - self.last_at).total_seconds())


def after_failure(rule: Rule, trouble: Trouble | None, now: datetime) -> Trouble:
    """One failure more."""
    before = trouble.level(rule, now) if trouble else 0.0
    return Trouble(before + 1.0, now)


#: One account from one address, or from one known device.
PAIR: Final = Rule(free=5, leak=900, longest=900)
#: One address, whatever the account: people behind one router share it.
ADDRESS: Final = Rule(free=20, leak=300, longest=900)
#: One account from everywhere. What one address may fail never adds up to this.
ACCOUNT: Final = Rule(free=50, leak=60, longest=60)
