"""Words that several pages say."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Final, Literal

from nxforge_consumption_monitor.models import Summary, TotalComparison
from nxforge_core.api import load_texts, ui

__all__ = [
    "Noun",
    "comparison_words",
    "counted",
    "digits_of",
    "energy_figure",
    "named",
    "named_options",
    "percent",
    "signed",
    "span_words",
]

say = load_texts(__package__)

#: What pages count.
Noun = Literal["alert", "endpoint", "group", "line", "meter", "rule", "webhook"]
_UNITS: Final = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def comparison_words(other: TotalComparison | None, when: str) -> str:
    """How much more or less it is than at another time."""
    if other is None or other.energy_kwh is None:
        return say("nothing is known {when}").format(when=when)
    hint = say("{energy_kwh:,.2f} kWh {when}").format(
        energy_kwh=other.energy_kwh, when=when
    )
    if other.change_percent is None:
        return hint
    return f"{signed(other.change_percent)} %: {hint}"


def counted(count: int, noun: Noun) -> str:
    """So many of them are something: `1 endpoint is`, `2 endpoints are`."""
    return _COUNTS[noun](count)


_COUNTS: Final[dict[Noun, Callable[[int], str]]] = {
    "alert": lambda n: say.count("{n} alert is", "{n} alerts are", n),
    "endpoint": lambda n: say.count("{n} endpoint is", "{n} endpoints are", n),
    "group": lambda n: say.count("{n} group is", "{n} groups are", n),
    "line": lambda n: say.count("{n} line is", "{n} lines are", n),
    "meter": lambda n: say.count("{n} meter is", "{n} meters are", n),
    "rule": lambda n: say.count("{n} rule is", "{n} rules are", n),
    "webhook": lambda n: say.count("{n} webhook is", "{n} webhooks are", n),
}


def digits_of(value: Decimal | None) -> int:
    """How many decimal places a register has: none of them is rounded away."""
    exponent = Decimal(0 if value is None else value).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def energy_figure(title: str, found: Summary, when: str) -> ui.Figure:
    """The energy that is known, compared with that of another time."""
    known = any(each.quality is not None for each in found.endpoints)
    return ui.Figure(
        title,
        found.total_consumption if known else None,
        "kWh",
        hint=comparison_words(found.comparison, when),
        places=2,
    )


def named(value: str) -> str:
    """A word of the machine, as people read it: catalogues have it by hand."""
    return say(value.replace("_", " "))


def named_options(values: Iterable[str]) -> list[str | tuple[str, str]]:
    """Values to choose from, each with its word."""
    return [(value, named(value)) for value in values]


def percent(share: Decimal) -> str:
    """A share from 0 to 1."""
    return f"{share * 100:.0f} %"


def signed(change: Decimal) -> str:
    """A change, with its sign."""
    return f"{change:+.1f}".replace("-", "\N{MINUS SIGN}")


def span_words(seconds: float) -> str:
    """A length of time in its greatest unit."""
    fitting = (each for each in _UNITS if seconds >= each[0])
    size, unit = next(fitting, _UNITS[-1])
    return f"{seconds / size:.0f} {unit}"
