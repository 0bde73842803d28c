"""Errors of stored files.

::

    UsageError
      InvalidInputError
        BadFileNameError   a name that no file may have
    NxForgeError
      StorageFullError     the quota or the disk has no room (HTTP 507)
    UnavailableError
      LostFileError        the bytes are not where they were stored (HTTP 503)
"""

from __future__ import annotations

from nxforge_core.api import InvalidInputError, NxForgeError, UnavailableError

__all__ = ["BadFileNameError", "LostFileError", "StorageFullError"]


class BadFileNameError(InvalidInputError):
    """A name that no file may have."""

    def __init__(self, name: str) -> None:
        super().__init__(
            field="name",
            value=name[:300],
            remedy="use up to eight words with '/' between them, of letters, digits, "
            "'.', '_' and '-', none beginning with a dot, 200 characters in all",
        )


class StorageFullError(NxForgeError):
    """There is no room for a file."""

    code = "storage_full"
    status = 507

    def __init__(self, plugin: str, name: str, quota: int | None) -> None:
        what = "the disk is full"
        remedy = "make room below the data directory"
        if quota is not None:
            what = f"it would have more than its {quota} bytes"
            remedy = "delete files of it, or raise 'plugins.storage_quota'"
        super().__init__(f"{name!r} of {plugin!r} is not stored: {what}", remedy=remedy)
        self.quota = quota


class LostFileError(UnavailableError):
    """The bytes are not where they were stored."""

    code = "file_lost"

    def __init__(self, plugin: str, name: str) -> None:
        super().__init__(
            f"the bytes of {name!r} of {plugin!r} are not on this machine",
            remedy="let all hosts have one data directory for files, restore its "
            "folder 'files', or delete the file",
        )
