"""What the host refuses, and what of it cannot answer.

::

    NxForgeError
      RouteRefusedError       a route that cannot be mounted
      LifeSpanTimeoutError    a plugin's life span does not begin in time
      UnavailableError
        PluginClosedError     the plugin is installed and does not serve
        HostStoppedError      the host was stopped and takes no more requests
"""

from __future__ import annotations

from nxforge_core.api import NxForgeError, RouteSpec, UnavailableError

__all__ = [
    "HostStoppedError",
    "LifeSpanTimeoutError",
    "PluginClosedError",
    "RouteRefusedError",
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
