"""What a plugin's own tests need: a host, a database for each test, time, devices.

`nxforge_pytest` makes fixtures of it; docs/how-to/test-a-plugin.md shows them.
"""

from __future__ import annotations

from ._clock import FrozenClock
from ._databases import Databases
from ._device import Answer, Device, Request
from ._host import PluginHost
from ._hosts import Hosts
from ._server import running_server

__all__ = [
    "Answer",
    "Databases",
    "Device",
    "FrozenClock",
    "Hosts",
    "PluginHost",
    "Request",
    "running_server",
]
