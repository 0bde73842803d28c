"""Where a channel leads."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

__all__ = ["Due", "Target"]


class Target(msgspec.Struct, frozen=True):
    """Addresses of people, or a URL with the secret that signs what is sent there."""

    to: tuple[str, ...] = ()
    url: str = ""
    secret: str = ""


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """An attempt that is to be made now."""

    notice_id: UUID
    channel_id: int
    attempts: int
    plugin: str
    level: int
    subject: str
    body: str
    created_at: datetime
    channel: str
    kind: str
    sealed: str
