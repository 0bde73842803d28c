"""Notices for people: queued in the database, sent by whichever host is there."""

from __future__ import annotations

from ._courier import NoticeCourier
from ._desk import Channel, Delivery, NotifyDesk
from ._errors import ChannelError, DuplicateChannelError
from ._notify import LEVELS, PluginNotify
from ._target import Target

__all__ = [
    "LEVELS",
    "Channel",
    "ChannelError",
    "Delivery",
    "DuplicateChannelError",
    "NoticeCourier",
    "NotifyDesk",
    "PluginNotify",
    "Target",
]
