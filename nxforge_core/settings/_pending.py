"""What the next start of the host will find different."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from ._describe import shown
from ._errors import SettingsError
from ._loaded import LoadedSettings, value_of

__all__ = ["Pending", "pending"]


class Pending(msgspec.Struct, frozen=True):
    """Differences to what the host was started with.

    Attributes:
        values: By dotted key, as they will be; secrets are masked.
        problem: Why the host could not start; empty where it can.
        remedy: What to do about that.
    """

    values: Mapping[str, str] = {}
    problem: str = ""
    remedy: str = ""


def pending(loaded: LoadedSettings) -> Pending:
    """Read the layers once more and compare; it looks at files."""
    if loaded.again is None:
        return Pending()
    try:
        later = loaded.again()
    except SettingsError as error:
        return Pending(problem=error.message, remedy=error.remedy)
    keys = dict.fromkeys([*loaded.sources, *later.sources])
    return Pending(
        {
            key: shown(key, _value(later, key))
            for key in keys
            if _value(loaded, key) != _value(later, key)
        }
    )


def _value(loaded: LoadedSettings, key: str) -> object:
    """None where it is not given: a plugin's own default counts then."""
    return value_of(loaded.settings, key) if key in loaded.sources else None
