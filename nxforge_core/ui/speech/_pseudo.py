"""A language for tests: readable, and everywhere to be seen whether it was asked."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["pseudo"]

_ACCENTS: Final = str.maketrans(
    "AEIOUYCNSZaeiouycnsz",
    "ÀÉÎÖÛÝÇÑŠŽàéîöûýçñšž",
)
#: Places for values, which no language may change.
_PLACES: Final = re.compile(r"(\{[^{}]*\})")
#: Other languages are longer than English, a third on average.
_LONGER: Final = 3


def pseudo(text: str) -> str:
    """`Save {n} rows` as `⟦Šàvé {n} röwš··⟧`."""
    parts = _PLACES.split(text)
    said = "".join(
        part if place % 2 else part.translate(_ACCENTS)
        for place, part in enumerate(parts)
    )
    return f"⟦{said}{'·' * (len(text) // _LONGER)}⟧"
