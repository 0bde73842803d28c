"""What can go wrong in a service, beyond the family every plugin knows."""

from __future__ import annotations

from nxforge_core.api.errors import OutboundError, UnavailableError

__all__ = ["HttpClosedError", "OutboundAnswerError", "OutboundRedirectError"]


class OutboundRedirectError(OutboundError):
    """The server sends the caller somewhere this host does not follow."""

    reason = "http_status"

    def __init__(self, url: str, location: str, why: str) -> None:
        super().__init__(
            url,
            f"it redirects to {location!r}, {why}",
            remedy="ask for the address it redirects to, if that is the right one",
        )
        self.location = location
        self.why = why


class OutboundAnswerError(OutboundError):
    """Bytes came, and they are not an HTTP answer that can be read."""

    reason = "unexpected_content"


class HttpClosedError(UnavailableError):
    """The host is stopping: its HTTP client is closed."""

    def __init__(self) -> None:
        super().__init__(
            "the host's HTTP client is closed",
            remedy="fetch while the host is running",
        )
