"""Errors of notices.

::

    UsageError
      InvalidInputError
        ChannelError             addresses or a URL that nothing can be sent to
      ConflictError
        DuplicateChannelError    the name is taken
"""

from __future__ import annotations

from nxforge_core.api import ConflictError, InvalidInputError

__all__ = ["ChannelError", "DuplicateChannelError", "NotSentError"]


class ChannelError(InvalidInputError):
    """Nothing can be sent there."""


class DuplicateChannelError(ConflictError):
    """The name is taken."""

    code = "duplicate_channel"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"there is a channel named {name!r} already",
            remedy="choose another name, or remove that one first",
        )
        self.name = name


class NotSentError(Exception):
    """An attempt failed; the text says why, without address or secret."""
