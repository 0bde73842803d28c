"""Whose code it is on a stack."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from nxforge_core.api import PluginId
from nxforge_core.plugins import BUILT_IN, Owner, lies_in
from nxforge_core.services import Frame

__all__ = ["Culprit", "find_culprit"]


class Culprit(NamedTuple):
    """Who blocked.

    Attributes:
        plugin: Plugin zero's id where it was the host itself.
        job: None where it was a route, a life span or another task.
        file: The plugin's innermost on the stack; the innermost of all where none
            of its own is there.
    """

    plugin: PluginId
    job: str | None
    file: str
    line: int


def find_culprit(
    frames: Sequence[Frame], job: tuple[str, str] | None, plugins: Iterable[Owner]
) -> Culprit:
    """Name the plugin, its job and its line.

    A job answers for all that its handler calls, other plugins' code included.

    Args:
        frames: Innermost last.
        job: Plugin and name of the job whose task it is, if it is one's.
        plugins: Who may be named.
    """
    owners = [one for one in plugins if one.id != BUILT_IN and one.folder is not None]
    if job is not None:
        owners = [one for one in owners if one.id == job[0]]
    for frame in reversed(frames):
        for owner in owners:
            if owner.folder is not None and lies_in(frame.file, owner.folder):
                name = job[1] if job else None
                return Culprit(owner.id, name, frame.file, frame.line)
    file, line = (frames[-1].file, frames[-1].line) if frames else ("", 0)
    if job is None:
        return Culprit(BUILT_IN, None, file, line)
    return Culprit(PluginId(job[0]), job[1], file, line)
