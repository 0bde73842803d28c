"""Every error NxForge raises on purpose, as one family.

::

    NxForgeError
      UsageError                 the caller asked for something wrong (exit 2, HTTP 400)
        InvalidInputError
        UnknownItemError         (HTTP 404)
        ConflictError            (HTTP 409)
      AccessError
        UnauthenticatedError     (HTTP 401)
        ForbiddenError           (HTTP 403)
        CapabilityMissingError
      UnavailableError           it may work later (HTTP 503)
        BrowserMissingError
      OutboundError              a request that left the host
        OutboundDeniedError
        OutboundTimeoutError
        OutboundTooLargeError
        OutboundConnectError
        BrowserError

A class owns its words: call sites pass facts, and the facts stay readable as
attributes. A message says what was attempted and what is wrong with the values;
`remedy` says what to do about it.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from ._denial import denial_remedy

__all__ = [
    "AccessError",
    "BrowserError",
    "BrowserMissingError",
    "CapabilityMissingError",
    "ConflictError",
    "ForbiddenError",
    "InvalidInputError",
    "NxForgeError",
    "OutboundConnectError",
    "OutboundDeniedError",
    "OutboundError",
    "OutboundTimeoutError",
    "OutboundTooLargeError",
    "UnauthenticatedError",
    "UnavailableError",
    "UnknownItemError",
    "UsageError",
]


class NxForgeError(Exception):
    """Base of the family: a message, a remedy, a stable code.

    Args:
        message: What was attempted and what is wrong, values included.
        remedy: What to do about it, one sentence.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class UsageError(NxForgeError):
    """The caller asked for something that cannot be done as asked."""

    code = "usage"
    status = 400
    exit_code = 2


class InvalidInputError(UsageError):
    """One named value is not acceptable."""

    code = "invalid_input"

    def __init__(self, *, field: str, value: object, remedy: str) -> None:
        super().__init__(f"{field} is {value!r}, which is not valid", remedy=remedy)
        self.field = field
        self.value = value


class UnknownItemError(UsageError):
    """Nothing of this kind has this id."""

    code = "not_found"
    status = 404

    def __init__(self, *, kind: str, value: object, remedy: str = "") -> None:
        super().__init__(f"there is no {kind} {value!r}", remedy=remedy)
        self.kind = kind
        self.value = value


class ConflictError(UsageError):
    """The request contradicts what is stored."""

    code = "conflict"
    status = 409


class AccessError(NxForgeError):
    """The caller may not do this."""

    code = "access"
    status = 403


class UnauthenticatedError(AccessError):
    """The request carries no credential, or one that is not accepted."""

    code = "unauthenticated"
    status = 401

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"this needs a session or an API token: {reason}",
            remedy="log in, or send 'Authorization: Bearer TOKEN'; "
            "'nxforge tokens create NAME --role viewer' prints a token",
        )
        self.reason = reason


class ForbiddenError(AccessError):
    """The caller is known and lacks the permission."""

    code = "forbidden"

    def __init__(self, permission: str, caller: str) -> None:
        super().__init__(
            f"{caller!r} lacks the permission {permission!r}",
            remedy="use a token whose role includes it",
        )
        self.permission = permission
        self.caller = caller


class CapabilityMissingError(AccessError):
    """A plugin uses what its manifest does not say that it uses."""

    code = "capability_missing"

    def __init__(self, plugin: str, capability: str) -> None:
        super().__init__(
            f"plugin {plugin!r} lacks the capability {capability!r}",
            remedy=f"add {capability!r} to 'capabilities' in its manifest.json",
        )
        self.plugin = plugin
        self.capability = capability


class UnavailableError(NxForgeError):
    """The thing exists and cannot answer now."""

    code = "unavailable"
    status = 503


class BrowserMissingError(UnavailableError):
    """There is no browser here that could be used."""

    code = "browser_missing"

    def __init__(self, what: str, *, remedy: str) -> None:
        super().__init__(f"pages cannot be read in a browser: {what}", remedy=remedy)
        self.what = what


class OutboundError(NxForgeError):
    """A request that left the host failed.

    `reason` is one word of the fixed list that scrape attempts record.
    """

    code = "outbound"
    status = 502
    reason: str = "connect"

    def __init__(self, url: str, what: str, *, remedy: str = "") -> None:
        super().__init__(f"fetching {url} failed: {what}", remedy=remedy)
        self.url = url
        self.what = what


class OutboundDeniedError(OutboundError):
    """The network policy refuses the address.

    Attributes:
        address: As a number, whatever the URL called it.
        port: 0 where it is not known.
        why: The policy's reason.
    """

    reason = "denied"

    def __init__(self, url: str, address: str, why: str, port: int = 0) -> None:
        super().__init__(
            url,
            f"{address} is refused ({why})",
            remedy=denial_remedy(address, port, why),
        )
        self.address = address
        self.port = port
        self.why = why


class OutboundTimeoutError(OutboundError):
    """The whole exchange did not end within its deadline."""

    reason = "timeout"

    def __init__(self, url: str, seconds: float) -> None:
        super().__init__(url, f"no complete answer within {seconds:g} s")
        self.seconds = seconds


class OutboundTooLargeError(OutboundError):
    """The answer is larger than the limit."""

    reason = "too_large"

    def __init__(self, url: str, limit: int, part: str = "body") -> None:
        super().__init__(url, f"the {part} is larger than {limit} bytes")
        self.limit = limit


class OutboundConnectError(OutboundError):
    """No connection, no name, or no TLS session: `reason` says which."""

    def __init__(
        self, url: str, what: str, *, reason: Literal["connect", "dns", "tls"]
    ) -> None:
        super().__init__(url, what)
        self.reason = reason


class BrowserError(OutboundError):
    """A page in the browser did not come to what was asked.

    Attributes:
        reason: `browser`, or the word of the outcome where the network is to blame.
        step: Number of the step that failed, from 1 on; 0 before the first.
        screenshot: PNG of the page at that moment, 200 kB at the most; or None.
        html: Beginning of the page at that moment.
    """

    def __init__(
        self,
        url: str,
        what: str,
        *,
        reason: str = "browser",
        step: int = 0,
        screenshot: bytes | None = None,
        html: str = "",
    ) -> None:
        super().__init__(url, f"step {step}: {what}" if step else what)
        self.reason = reason
        self.step = step
        self.screenshot = screenshot
        self.html = html
