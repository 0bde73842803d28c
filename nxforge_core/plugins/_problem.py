"""What is wrong with a plugin, as data that a person and a program can read."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from nxforge_core.api import NxForgeError, PluginId

from ._origin import Place, place_of_error

__all__ = ["Fault", "Owner", "Phase", "Problem", "describe"]

Phase = Literal[
    "discover", "manifest", "import", "validate", "migrate", "start", "serve"
]


class Owner(msgspec.Struct, frozen=True, kw_only=True):
    """Whose code it is.

    Attributes:
        distribution: Name of the installed distribution, as pip knows it.
        folder: The plugin's top-level package; None if it could not be found.
    """

    id: PluginId
    distribution: str
    folder: Path | None = None


class Fault(msgspec.Struct, frozen=True):
    """One thing that is wrong; a plugin may have several at once."""

    message: str
    remedy: str = ""
    file: str | None = None
    line: int | None = None
    traceback: str | None = None

    @classmethod
    def at(cls, place: Place, message: str, remedy: str) -> Fault:
        """A fault at a place."""
        return cls(message, remedy, place.file, place.line)

    @classmethod
    def from_error(cls, error: BaseException, folder: Path | None) -> Fault:
        """A fault from an error, placed at the deepest line of the plugin."""
        place = place_of_error(error, folder)
        return cls(
            describe(error), _remedy(error), place.file, place.line, _trace(error)
        )


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Why a plugin does not run.

    Attributes:
        plugin: Its id, or the name of its entry point where that is no id.
        phase: What the host was doing with it.
        message: What is wrong, values included.
        remedy: What to do about it.
        file: The file of the plugin to look into.
        at: When it was found, aware UTC.
    """

    plugin: str
    distribution: str
    phase: Phase
    message: str
    remedy: str
    at: datetime
    file: str | None = None
    line: int | None = None
    traceback: str | None = None

    @classmethod
    def from_error(
        cls, error: BaseException, owner: Owner, phase: Phase, at: datetime
    ) -> Problem:
        """A problem from an error: file and line are the plugin's deepest ones.

        Of an error that never passed through the plugin's own package, `file` and
        `line` are those it has as attributes, as the error of a migration has.
        """
        return cls.from_faults(
            [Fault.from_error(error, owner.folder)], owner, phase, at
        )

    @classmethod
    def from_faults(
        cls, faults: Sequence[Fault], owner: Owner, phase: Phase, at: datetime
    ) -> Problem:
        """One problem that lists all faults; its place is that of the first placed."""
        first = next((fault for fault in faults if fault.file), faults[0])
        traces = (fault.traceback for fault in faults if fault.traceback)
        return cls(
            plugin=owner.id,
            distribution=owner.distribution,
            phase=phase,
            message=_listed([fault.message for fault in faults]),
            remedy="; ".join(dict.fromkeys(f.remedy for f in faults if f.remedy)),
            file=first.file,
            line=first.line,
            traceback=next(traces, None),
            at=at,
        )


def describe(error: BaseException) -> str:
    """An error in one sentence, whatever it is."""
    if isinstance(error, NxForgeError):
        return error.message
    if isinstance(error, SystemExit):
        return f"the plugin tried to end the process: SystemExit({error.code!r})"
    try:
        text = str(error)
    except Exception:  # noqa: BLE001 - an error whose own text fails still counts
        text = ""
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _listed(messages: Sequence[str]) -> str:
    if len(messages) == 1:
        return messages[0]
    numbered = (f"({n}) {text}" for n, text in enumerate(messages, 1))
    return f"{len(messages)} faults: {'; '.join(numbered)}"


def _remedy(error: BaseException) -> str:
    if isinstance(error, NxForgeError):
        return error.remedy
    if isinstance(error, ModuleNotFoundError):
        return (
            f"install what provides the module {error.name!r} into this environment; "
            "the plugin's author should name it in the distribution's dependencies"
        )
    return "report this to the plugin's author, or take it out of 'plugins.enable'"


def _trace(error: BaseException) -> str | None:
    # An error of ours that wraps nothing was found by looking, not by running: its
    # frames are the host's and would only send the reader to the wrong place.
    if isinstance(error, NxForgeError) and error.__cause__ is None:
        return None
    return "".join(traceback.format_exception(error))
