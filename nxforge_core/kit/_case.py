"""A plugin under examination, and what is known of it so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.metadata import Distribution

from nxforge_core.database import ServerAddress
from nxforge_core.plugins import Candidate, Fault, Plugin, PluginSpecs, Problem
from nxforge_core.testing import Hosts, PluginHost

from ._acts import Acts
from ._check import Need
from ._subject import Subject

__all__ = ["Case"]


@dataclass(slots=True, kw_only=True)
class Case:
    """What checks ask.

    Attributes:
        hosts: Starts further hosts with the plugin.
        others: All that is installed beside it.
        found: What discovery says of it.
        record: What the host knows before it imports anything.
        death: What importing it did to a process of its own.
        faults: What is wrong with hooks and specs, by hook; `""` are the hooks.
        problem: Why it does not run.
        seconds: Of the processor, for its import and its hooks.
        host: At work with the plugin; None once it was stopped, and where it is not.
        again: Why it does not run when the same host starts a second time.
        leftovers: What it left in this process after its host stopped.
        residue: What it left in the database when it was removed.
    """

    subject: Subject
    hosts: Hosts
    server: ServerAddress
    others: tuple[Distribution, ...] = ()
    found: Candidate | Problem | None = None
    record: Plugin | None = None
    death: str | None = None
    import_problem: Problem | None = None
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    specs: PluginSpecs | None = None
    problem: Problem | None = None
    seconds: float = 0.0
    host: PluginHost | None = None
    acts: Acts = field(default_factory=Acts)
    again: Problem | None = None
    leftovers: tuple[str, ...] = ()
    residue: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Of the plugin."""
        return self.subject.id

    @property
    def plugin(self) -> Candidate:
        """The plugin, its manifest read; for checks that need it."""
        assert isinstance(self.found, Candidate)  # noqa: S101 - what `need` is for
        return self.found

    @property
    def parts(self) -> PluginSpecs:
        """What it adds to the host; for checks that need it."""
        assert self.specs is not None  # noqa: S101 - what `need` is for
        return self.specs

    def reaches(self, need: Need) -> bool:
        """Whether the plugin came so far."""
        manifest = isinstance(self.found, Candidate)
        specs = manifest and self.specs is not None
        running = specs and self.acts.made
        return {
            "entry": True,
            "manifest": manifest,
            "specs": specs,
            "running": running,
        }[need]
