"""Files of plugins: what is known of them in the database, the bytes on the disk."""

from __future__ import annotations

from ._errors import BadFileNameError, LostFileError, StorageFullError
from ._keeper import StorageKeeper
from ._storage import PluginStorage, licensed_storage

__all__ = [
    "BadFileNameError",
    "LostFileError",
    "PluginStorage",
    "StorageFullError",
    "StorageKeeper",
    "licensed_storage",
]
