"""Notifications of PostgreSQL, heard over one connection of a process."""

from __future__ import annotations

from ._listener import Listener

__all__ = ["Listener"]
