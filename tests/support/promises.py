"""What every row of the matrix has to keep, whatever its fault is."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from hosts import Host, Installation, until
from matrix import Fault
from meters import Meters
from probe import Probe
from rack import Rack

__all__ = ["Promises"]


class Promises:
    """The probe and the meters of an installation, and the figures of both.

    Attributes:
        since: From then on slots are due.

    Args:
        probe: What the probe is to be like.
    """

    def __init__(
        self, installation: Installation, rack: Rack, folder: Path, **probe: Any
    ) -> None:
        self._installation = installation
        self.probe = Probe(installation, folder, **probe)
        self.meters = Meters(installation, rack)
        self.since: datetime | None = None

    def begin(self, **settings: Any) -> Host:
        """Install both, start a host, and answer it once slots are due."""
        self.probe.install(self.meters.ID, **settings)
        host = self._installation.serve().ready()
        self.meters.register(host)
        self.since = until(self.probe.since)
        assert self.since is not None
        return host

    def end(self, fault: Fault) -> None:
        """Wait until all that is due is done, end every process, note the figures."""
        assert self.since is not None
        since, ended = self.since, self.probe.settle()
        gone = sum(not host.alive for host in self._installation.running)
        codes = self._installation.stop()
        probe, meters = self.probe, self.meters
        lost = probe.lost() + meters.lost()
        fault.figure("acknowledged and lost", lost, limit=0)
        fault.figure("slots written twice", probe.duplicates(), limit=0)
        fault.figure("endpoint slots stored twice", meters.duplicates(), limit=0)
        fault.figure("due slots without an outcome", probe.gaps(since, ended), limit=0)
        fault.figure("endpoint slots unexplained", meters.gaps(since, ended), limit=0)
        fault.figure("readings no meter showed", meters.wrong(), limit=0)
        fault.figure("hosts that exited", gone + sum(map(bool, codes)), limit=0)
