"""What the host refuses, and what of it cannot answer.

::

    NxForgeError
      RouteRefusedError       a route that cannot be mounted
      LoadTimeoutError        a plugin's code does not come to an end
      LifeSpanTimeoutError    a plugin's life span does not begin in time
      UsageError
        NoHostError           a request that does not say which host it means
        MisdirectedError      a request that means another host
        EncodedBodyError      a body that would have to be decompressed
      AccessError
        TooManyRequestsError  more requests than the limit lets through
      UnavailableError
        PluginClosedError     the plugin is installed and does not serve
        HostStoppedError      the host was stopped and takes no more requests
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

from nxforge_core.api import (
    AccessError,
    NxForgeError,
    RouteSpec,
    UnavailableError,
    UsageError,
)

__all__ = [
    "EncodedBodyError",
    "HostStoppedError",
    "LifeSpanTimeoutError",
    "LoadTimeoutError",
    "MisdirectedError",
    "NoHostError",
    "PluginClosedError",
    "RouteRefusedError",
    "TooManyRequestsError",
]


class RouteRefusedError(NxForgeError):
    """A route that is well-formed and cannot be mounted.

    Attributes:
        file: Where its handler is written; None if nobody knows.
        line: Its first line.
    """

    code = "route_refused"

    def __init__(self, route: RouteSpec, why: str, *, remedy: str) -> None:
        super().__init__(
            f"route {route.method} {route.path}: {_name(route)} cannot be mounted: "
            f"{why}",
            remedy=remedy,
        )
        self.route = route
        code = getattr(route.handler, "__code__", None)
        self.file: str | None = getattr(code, "co_filename", None)
        self.line: int | None = getattr(code, "co_firstlineno", None)


class NoHostError(UsageError):
    """A request that does not say, once, which host it means."""

    code = "no_host"

    def __init__(self, found: Sequence[str]) -> None:
        self.found = tuple(text[:100] for text in found[:3])
        said = ", ".join(map(repr, self.found)) or "nothing"
        super().__init__(
            f"the header Host says {said}",
            remedy="send it once, with a name or an address",
        )


class MisdirectedError(UsageError):
    """A request that means another host."""

    code = "misdirected"
    status = 421

    def __init__(self, name: str) -> None:
        super().__init__(
            f"this host does not answer to the name {name!r}",
            remedy="an administrator adds it to the setting 'server.hosts'",
        )
        self.name = name


class EncodedBodyError(UsageError):
    """A body that would have to be decompressed."""

    code = "encoded_body"
    status = 415

    def __init__(self, encoding: str) -> None:
        super().__init__(
            f"the body is encoded as {encoding[:100]!r}", remedy="send it as it is"
        )
        self.encoding = encoding


class TooManyRequestsError(AccessError):
    """More requests than the limit lets through."""

    code = "too_many_requests"
    status = 429

    def __init__(
        self, *, kind: Literal["address", "caller"], whose: str, seconds: float
    ) -> None:
        self.seconds = max(1, math.ceil(seconds))
        super().__init__(
            f"too many requests of the {kind} {whose!r}",
            remedy=f"try again in {self.seconds} s, and more slowly",
        )
        self.kind = kind
        self.whose = whose


class LoadTimeoutError(NxForgeError):
    """A plugin's code does not come to an end; it goes on in a thread of its own."""

    code = "load_timeout"

    def __init__(self, plugin: str, seconds: float) -> None:
        super().__init__(
            f"plugin {plugin!r} was not imported within {seconds:g} s",
            remedy="do nothing that waits while the module is imported and its hooks "
            "are called; start the host again to be rid of what still waits",
        )
        self.plugin = plugin


class LifeSpanTimeoutError(NxForgeError):
    """A plugin's life span does not begin within its deadline."""

    code = "life_span_timeout"

    def __init__(self, plugin: str, seconds: float) -> None:
        super().__init__(
            f"the life span of plugin {plugin!r} did not begin within {seconds:g} s",
            remedy="nxforge_lifespan must reach its 'yield' sooner; start what takes "
            "long as a task inside it",
        )
        self.plugin = plugin
        self.seconds = seconds


class PluginClosedError(UnavailableError):
    """The plugin is installed and does not serve."""

    code = "plugin_unavailable"

    def __init__(self, plugin: str, reason: str, remedy: str) -> None:
        super().__init__(f"plugin {plugin!r} does not serve: {reason}", remedy=remedy)
        self.plugin = plugin
        self.reason = reason


class HostStoppedError(UnavailableError):
    """The host was stopped and takes no more requests."""

    code = "host_stopped"

    def __init__(self) -> None:
        super().__init__("the host is stopped", remedy="start it again")


def _name(route: RouteSpec) -> str:
    module = getattr(route.handler, "__module__", "")
    name = getattr(route.handler, "__qualname__", repr(route.handler))
    return f"{module}.{name}" if module else name
