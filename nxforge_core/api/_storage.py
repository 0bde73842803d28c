"""Files that a plugin keeps."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from .errors import UnavailableError

__all__ = ["NO_STORAGE", "Storage", "StorageUsage", "StoredFile"]


class StoredFile(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What is known of a file.

    Attributes:
        size: In bytes.
        sha256: Of its content, hex in lower case.
        expires_at: From then on it is gone; None: it stays until it is deleted.
    """

    name: str
    size: int
    sha256: str
    stored_at: datetime
    expires_at: datetime | None


class StorageUsage(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """How much of its room a plugin has used, in bytes."""

    files: int
    size: int
    quota: int


class Storage(Protocol):
    """The plugin's own files, below the data directory.

    A name is one to eight words with `/` between them, as `reports/2026-11.pdf`:
    letters, digits, `.`, `_` and `-`, none beginning with a dot. A file is there as a
    whole or not at all: who reads while another one is written under its name gets one
    of the two. The manifest has to have the capability `storage`.
    """

    async def write(
        self,
        name: str,
        content: bytes | AsyncIterable[bytes],
        *,
        keep: timedelta | None = None,
    ) -> StoredFile:
        """Store a file, in place of what has the name.

        Args:
            name: Of the file.
            content: Whole, or in parts as they come.
            keep: After so long it is gone; None: it stays.

        Raises:
            InvalidInputError: the name is none.
            StorageFullError: it is more than the plugin's quota, or the disk is full;
                what was there before still is.
        """
        ...

    async def read(self, name: str) -> bytes:
        """The whole content.

        Raises:
            UnknownItemError: there is no such file.
        """
        ...

    def stream(self, name: str) -> AsyncIterator[bytes]:
        """The content in parts, for what is too large to be held.

        Raises:
            UnknownItemError: there is no such file.
        """
        ...

    async def find(self, name: str) -> StoredFile | None:
        """What is known of a file; None: there is none."""
        ...

    async def list(self, prefix: str = "") -> Sequence[StoredFile]:
        """The files whose names begin so, by name."""
        ...

    async def delete(self, name: str) -> bool:
        """Delete a file; answers whether there was one."""
        ...

    async def usage(self) -> StorageUsage:
        """How much room there is and how much of it is used."""
        ...


class _NoStorage:
    """Of a context that nobody gave any."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("_"):
            raise AttributeError(name)
        message = f"this context has no storage, and {name!r} of it is asked for"
        raise UnavailableError(
            message, remedy="use the context that the host hands out"
        )


NO_STORAGE: Storage = _NoStorage()  # type: ignore[assignment]  # it answers nothing
