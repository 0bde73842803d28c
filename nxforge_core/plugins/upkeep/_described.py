"""A process of its own that says what a plugin adds to a host.

Its input is an `Exhibit` as JSON. Its last words are the exhibit's token and a
`Described` as JSON. Run as `python -m nxforge_core.plugins.upkeep._described`.
"""

from __future__ import annotations

import os
from importlib.resources import files

import msgspec

from nxforge_core.plugins._attempt import attempt
from nxforge_core.plugins._candidate import Candidate
from nxforge_core.plugins._collect import Collector
from nxforge_core.plugins._hooks import HookCaller
from nxforge_core.plugins._plugin import PluginSpecs
from nxforge_core.plugins._problem import Problem
from nxforge_core.plugins._tried import SystemClock, exhibited

from ._description import Described
from ._packages import packages_of
from ._surface import surface_of

__all__ = ["main"]


def main() -> None:
    """Describe what the input names."""
    token, candidate = exhibited()
    clock = SystemClock()
    answer = attempt(candidate, HookCaller(clock), clock, Collector.specs)
    said = msgspec.json.encode(_described(candidate, answer))
    os.write(1, token.encode() + said)
    # Threads that the plugin left running must not keep this process.
    os._exit(0)


def _described(candidate: Candidate, answer: PluginSpecs | Problem) -> Described:
    if isinstance(answer, Problem):
        return Described(problem=answer)
    found = answer.migrations
    folder = str(files(found.package) / found.folder) if found else None
    surface = surface_of(
        candidate.version,
        candidate.manifest,
        answer,
        packages_of(candidate.distribution),
    )
    return Described(surface=surface, migrations=folder)


if __name__ == "__main__":
    main()
