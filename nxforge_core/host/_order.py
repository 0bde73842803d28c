"""What somebody who makes a host asks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution

from nxforge_core.api import Clock
from nxforge_core.settings import LoadedSettings, Settings

from ._deadlines import Deadlines
from ._process import Process
from ._proxies import Proxies
from ._visitor import OuterLogin

__all__ = ["Order"]


@dataclass(frozen=True, slots=True)
class Order:
    """A host that is to be.

    Attributes:
        distributions: Where plugins are looked for, more than once; None is all that
            is installed.
        proxies: Of a host that serves.
        process: The host's own; None where it belongs to another application.
        login: Of the application around the host.
        lazy: Build the core's own routes when the first of them is asked for.
    """

    loaded: LoadedSettings
    clock: Clock
    deadlines: Deadlines
    distributions: Iterable[Distribution] | None
    proxies: Proxies | None = None
    process: Process | None = None
    login: OuterLogin | None = None
    lazy: bool = False

    @property
    def settings(self) -> Settings:
        """What the host is told, wherever it comes from."""
        return self.loaded.settings
