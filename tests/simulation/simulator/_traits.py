"""What kind of device it is."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Traits"]


@dataclass(frozen=True)
class Traits:
    """What kind of device it is.

    Attributes:
        interval: At which it is polled, seconds.
        resolution: Worth of its last digit, Wh.
        coarse: Beyond 1 MWh it shows one digit less.
        multiplier: Energy for each unit of its register.
        modulus: Wh at which its register is back at 0.
        zone: IANA name.
        style: How its page looks.
        has_clock: The page tells the time of its own clock.
    """

    interval: int
    resolution: int
    coarse: bool
    multiplier: int
    modulus: int
    zone: str
    style: str
    has_clock: bool

    @property
    def last_digit(self) -> int:
        """Worth of the last digit that is shown at the least, Wh."""
        return self.resolution * (10 if self.coarse else 1)
