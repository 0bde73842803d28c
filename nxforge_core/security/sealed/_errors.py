"""Errors of a rotation.

::

    NxForgeError
      KeyMissingHereError    other processes have a key that this one lacks
    ConflictError
      RotationBusyError      another rotation is under way
      KeysNotKnownError      running processes do not know the new key
      KeysTooFreshError      the key set has just changed
    UsageError
      NoKeyFileError         the keys are a setting, which a command cannot change
"""

from __future__ import annotations

from collections.abc import Sequence

from nxforge_core.api import ConflictError, NxForgeError, UsageError

__all__ = [
    "KeyMissingHereError",
    "KeysNotKnownError",
    "KeysTooFreshError",
    "NoKeyFileError",
    "RotationBusyError",
]


class KeyMissingHereError(NxForgeError):
    """Other processes have a key that this one lacks."""

    code = "key_missing_here"

    def __init__(self, key_id: str, place: str) -> None:
        super().__init__(
            f"this process lacks the key {key_id}, with which {place} runs: the "
            "plugin's login must not be taken from there",
            remedy="bring the key file, or NXFORGE_SECRETS_KEYS, of that process here, "
            "then start again",
        )
        self.key_id = key_id


class RotationBusyError(ConflictError):
    """Another rotation is under way."""

    code = "rotation_busy"

    def __init__(self) -> None:
        super().__init__(
            "another process is rotating or removing keys",
            remedy="wait until it has ended, then try again",
        )


class KeysNotKnownError(ConflictError):
    """Running processes do not know a key, or do not seal with it yet.

    Args:
        processes: Where they are.
        where: The key file, or the setting.
    """

    code = "keys_not_known"

    def __init__(self, key_id: str, processes: Sequence[str], where: str) -> None:
        super().__init__(
            f"the key {key_id} is not in use in {len(processes)} running processes: "
            f"{', '.join(processes)}; nothing was sealed anew",
            remedy=f"bring what {where} holds to each machine (restart a process that "
            "gets its keys from the environment, or that is older), then run the "
            "command again",
        )
        self.key_id = key_id
        self.processes = tuple(processes)


class KeysTooFreshError(ConflictError):
    """The key set has just changed: a value may be on its way into the database."""

    code = "keys_too_fresh"

    def __init__(self, seconds: float) -> None:
        super().__init__(
            "the key file was changed a moment ago, and a value that was sealed before "
            "may still be on its way into the database",
            remedy=f"try again in {seconds:.0f} seconds",
        )


class NoKeyFileError(UsageError):
    """The keys are a setting, which a command cannot change."""

    code = "no_key_file"

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(
            f"the keys are in NXFORGE_SECRETS_KEYS, so no command can {what}",
            remedy=remedy,
        )
