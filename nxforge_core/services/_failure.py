"""What went wrong in the libraries below, in the words of the API."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from typing import Final

import aiohttp
import httpx

from nxforge_core.api.errors import (
    OutboundConnectError,
    OutboundError,
)

from ._address import AddressRefusedError
from ._errors import OutboundAnswerError

__all__ = ["LIBRARY_ERRORS", "outbound_error"]

#: Everything the libraries raise on purpose. What else comes is a bug of ours.
LIBRARY_ERRORS: Final = (
    httpx.TransportError,
    httpx.InvalidURL,
    aiohttp.ClientError,
    aiohttp.http_exceptions.HttpProcessingError,
    OSError,
)
_TLS: Final = (
    aiohttp.ClientSSLError,
    aiohttp.ServerFingerprintMismatch,
    ssl.SSLError,
    ssl.CertificateError,
)
_NOT_HTTP: Final = (
    aiohttp.ClientResponseError,
    aiohttp.http_exceptions.HttpProcessingError,
)


def outbound_error(url: str, error: BaseException) -> OutboundError:
    """The error a plugin sees for one of `LIBRARY_ERRORS`.

    Looks at the whole chain, because the transport folds quite different failures
    into the same few classes of httpx.
    """
    chain = list(_chain(error))
    for cause in chain:
        if isinstance(cause, AddressRefusedError):
            return cause.outbound(url)
    for cause in chain:
        if (known := _known(url, cause)) is not None:
            return known
    return OutboundConnectError(url, _words(chain), reason="connect")


def _known(url: str, cause: BaseException) -> OutboundError | None:
    if isinstance(cause, aiohttp.ClientConnectorDNSError | socket.gaierror):
        return OutboundConnectError(
            url, f"the name cannot be resolved ({_reason(cause)})", reason="dns"
        )
    if isinstance(cause, _TLS):
        return OutboundConnectError(url, _tls_words(cause), reason="tls")
    if isinstance(cause, aiohttp.ClientPayloadError):
        return OutboundConnectError(url, "its answer ends early", reason="connect")
    if isinstance(cause, _NOT_HTTP):
        return OutboundAnswerError(url, "what it sent is not an HTTP answer")
    if isinstance(cause, aiohttp.InvalidURL | httpx.InvalidURL):
        return OutboundAnswerError(url, "its address cannot be read")
    return None


def _tls_words(cause: BaseException) -> str:
    if isinstance(cause, aiohttp.ServerFingerprintMismatch):
        return f"its certificate is {cause.got.hex()}, and not the pinned one"
    return f"no TLS session ({_reason(cause)})"


def _words(chain: list[BaseException]) -> str:
    for cause in chain:
        if isinstance(cause, aiohttp.ClientConnectorError):
            return f"no connection ({_reason(cause)})"
    if any(isinstance(cause, aiohttp.ServerDisconnectedError) for cause in chain):
        return "it closed the connection without an answer"
    return f"the connection broke ({_reason(chain[-1])})"


def _reason(cause: BaseException) -> str:
    """The system's own words: the libraries' repeat the address in their own way."""
    source = _first(cause, "os_error", "certificate_error") or cause
    said = _first(source, "verify_message", "strerror") or source
    return str(said) or type(source).__name__


def _first(thing: object, *names: str) -> object:
    found = (getattr(thing, name, None) for name in names)
    return next(filter(None, found), None)


def _chain(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__
