"""Files of plugins: what is known of them in the database, the bytes on the disk."""

from __future__ import annotations

from ._errors import BadFileNameError, LostFileError, StorageFullError
from ._keeper import StorageKeeper, forget_files
from ._storage import PluginStorage, licensed_storage

__all__ = [
    "BadFileNameError",
    "LostFileError",
    "PluginStorage",
    "StorageFullError",
    "StorageKeeper",
    "forget_files",
    "licensed_storage",
]
