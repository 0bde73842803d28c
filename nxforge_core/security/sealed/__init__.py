"""Every sealed value there is: counted by key, and sealed anew with a new one."""

from __future__ import annotations

from ._errors import (
    KeyMissingHereError,
    KeysNotKnownError,
    KeysTooFreshError,
    NoKeyFileError,
    RotationBusyError,
)
from ._processes import CHANNEL, processes, signature
from ._rotation import Pruned, Rotated, Rotation
from ._values import Tally

__all__ = [
    "CHANNEL",
    "KeyMissingHereError",
    "KeysNotKnownError",
    "KeysTooFreshError",
    "NoKeyFileError",
    "Pruned",
    "Rotated",
    "Rotation",
    "RotationBusyError",
    "Tally",
    "processes",
    "signature",
]
