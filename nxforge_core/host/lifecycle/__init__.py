"""Plugins that come to work, change and end their work while the host serves."""

from __future__ import annotations

from ._change import change_plugin
from ._conductor import Conductor
from ._consent import agree
from ._errors import ConsentNeededError, NotAllServeError
from ._inquest import hold_inquest
from ._inventory import find_plugins, take_inventory, take_one
from ._journal import Journal
from ._restarts import following_restarts, say_restart
from ._trial import try_out
from ._wishes import Wishes, read_wishes

__all__ = [
    "Conductor",
    "ConsentNeededError",
    "Journal",
    "NotAllServeError",
    "Wishes",
    "agree",
    "change_plugin",
    "find_plugins",
    "following_restarts",
    "hold_inquest",
    "read_wishes",
    "say_restart",
    "take_inventory",
    "take_one",
    "try_out",
]
