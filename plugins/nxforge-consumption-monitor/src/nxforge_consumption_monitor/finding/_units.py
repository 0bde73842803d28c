"""What a key or a label says about the number behind it."""

from __future__ import annotations

import re
from typing import Final

from nxforge_consumption_monitor.extract import Quantity

__all__ = ["SCALED", "hinted"]

#: Units that a page may count in while its display shows kWh or kW.
SCALED: Final[dict[Quantity, tuple[str, ...]]] = {
    "energy": ("Wh", "MWh", "Wmin", "Ws", "GWh"),
    "power": ("W", "mW", "MW"),
    "voltage": ("mV", "kV"),
    "current": ("mA", "kA"),
}
_HINTS: Final[tuple[tuple[re.Pattern[str], Quantity, str], ...]] = tuple(
    (re.compile(pattern, re.IGNORECASE), quantity, unit)  # type: ignore[misc]  # literals
    for pattern, quantity, unit in (
        (r"kwh|kilo.?watt.?hour", "energy", "kWh"),
        (r"mwh", "energy", "MWh"),
        (r"watt.?hour|(?:^|[^k])wh(?![a-z])", "energy", "Wh"),
        (r"wmin|watt.?min", "energy", "Wmin"),
        (r"(?:^|[^a-z])kw(?![a-z])|kilowatt", "power", "kW"),
        (r"watt|(?:^|[^a-z])w(?![a-z])", "power", "W"),
        (r"summation|delivered|received|consumption|verbrauch", "energy", ""),
        (r"volt|spannung|(?:^|[^a-z])[uv]rms", "voltage", "V"),
        (r"amp(?:ere|s)?(?![a-z])|current|strom(?![a-z])", "current", "A"),
        (r"power|leistung|demand|load", "power", ""),
        (r"freq", "frequency", "Hz"),
        (r"energ|total|z[äa]hler|import|lifetime|yield", "energy", ""),
    )
)


def hinted(hint: str) -> tuple[Quantity | None, str]:
    """Quantity and unit that a key or label suggests; None where it says nothing."""
    for pattern, quantity, unit in _HINTS:
        if pattern.search(hint):
            return quantity, unit
    return None, ""
