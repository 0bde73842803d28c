"""One row of the trail: what is written, what is read, what its hash is made of."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, Final, Literal

import msgspec

__all__ = ["GENESIS", "Actor", "AuditEntry", "Link", "link_hash"]

#: What the first row names as the hash of the one before it.
GENESIS: Final = bytes(32)

ActorKind = Literal["person", "token", "guest", "command", "nobody"]


class Actor(msgspec.Struct, frozen=True):
    """Who does something, and from where.

    Attributes:
        kind: `command` is somebody at the machine's own command line, `nobody` a
            caller who is not logged in.
        address: Of the other end; empty at the command line.
        request: Id under which the host logged the request.
    """

    name: str
    kind: ActorKind
    address: str = ""
    request: str = ""


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What somebody changed.

    Attributes:
        action: What was done, as `users.create`.
        target: What it was done to.
        before: Members that changed, as they were; None for what is new.
        after: The same as they are since; None for what is gone.
    """

    id: int
    at: datetime
    actor: str
    kind: str
    action: str
    target: str
    before: Any
    after: Any
    address: str
    request: str


class Link(msgspec.Struct, frozen=True):
    """A row as the chain sees it."""

    id: int
    micros: int
    actor: str
    kind: str
    action: str
    target: str
    before: str | None
    after: str | None
    address: str
    request: str
    previous: bytes
    hash: bytes


def link_hash(link: Link) -> bytes:
    """The hash that the row must have.

    SHA-256 of its parts in the order of the fields, each with its length in bytes
    before it, so that nobody needs this host to check a trail that was exported.
    """
    parts = (
        str(link.id),
        str(link.micros),
        *(link.actor, link.kind, link.action, link.target),
        *(link.before, link.after, link.address, link.request),
        link.previous.hex(),
    )
    return hashlib.sha256(",".join(map(_piece, parts)).encode()).digest()


def _piece(part: str | None) -> str:
    return "-" if part is None else f"{len(part.encode())}:{part}"
