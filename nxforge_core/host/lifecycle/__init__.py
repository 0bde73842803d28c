"""Plugins that come to work, change and end their work while the host serves."""

from __future__ import annotations

from ._change import change_plugin
from ._conductor import Conductor
from ._inquest import hold_inquest
from ._inventory import take_inventory, take_one
from ._journal import Journal
from ._trial import try_out
from ._wishes import Wishes, read_wishes

__all__ = [
    "Conductor",
    "Journal",
    "Wishes",
    "change_plugin",
    "hold_inquest",
    "read_wishes",
    "take_inventory",
    "take_one",
    "try_out",
]
