"""What the host and the browser process say to each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

import msgspec

from nxforge_core.api import BrowserPage, BrowserStep, Viewport

__all__ = [
    "Abort",
    "Answer",
    "Broken",
    "Failed",
    "Order",
    "Print",
    "Printed",
    "Ready",
    "Reason",
    "Start",
    "Visit",
    "Visited",
]

#: Why a visit failed: what the page did, or how the network refused it.
Reason: TypeAlias = Literal["browser", "timeout", "connect", "dns", "tls", "too_large"]


class _Message(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Tagged by its name."""


class Start(_Message, frozen=True):
    """The first order: which Chromium, with its profile in which folder."""

    executable: str
    folder: str
    no_sandbox: bool


class Visit(_Message, frozen=True):
    """Visit a page.

    Attributes:
        lane: One thing at a time happens on a lane.
        proxy: Of the lane; another one wants another context.
        login: Name and password, where the server asks for them.
        timeout: Seconds until the answer is wanted.
    """

    id: int
    lane: int
    proxy: str
    url: str
    steps: tuple[BrowserStep, ...]
    headers: Mapping[str, str]
    login: tuple[str, str] | None
    timeout: float
    max_bytes: int
    insecure: bool
    viewport: Viewport
    screenshot: bool
    hidden: tuple[str, ...]


class Print(_Message, frozen=True):
    """Print a document."""

    id: int
    lane: int
    proxy: str
    html: str
    timeout: float


class Abort(_Message, frozen=True):
    """Nobody waits for this one any more."""

    id: int


class Ready(_Message, frozen=True):
    """Chromium runs.

    Attributes:
        group: Process group of all its processes.
    """

    group: int


class Broken(_Message, frozen=True):
    """Chromium does not start."""

    what: str


class Visited(_Message, frozen=True):
    """The page."""

    id: int
    page: BrowserPage


class Printed(_Message, frozen=True):
    """The document."""

    id: int
    pdf: bytes


class Failed(_Message, frozen=True):
    """No page, and what there was to see instead."""

    id: int
    reason: Reason
    what: str
    step: int = 0
    screenshot: bytes | None = None
    html: str = ""


Order: TypeAlias = Start | Visit | Print | Abort
Answer: TypeAlias = Ready | Broken | Visited | Printed | Failed
