"""Telling an outage from wrong SQL."""

from __future__ import annotations

import socket
from typing import Final

from asyncpg import exceptions

__all__ = ["outage_reason"]

_SERVER_GONE: Final = (
    exceptions.PostgresConnectionError,
    exceptions.CannotConnectNowError,
    exceptions.AdminShutdownError,
    exceptions.CrashShutdownError,
    exceptions.TooManyConnectionsError,
    exceptions.InvalidAuthorizationSpecificationError,
)
_REFUSED_AT_LOGIN: Final = (
    exceptions.PostgresError,
    exceptions.InterfaceError,
    exceptions.InternalClientError,
)


def outage_reason(error: BaseException, *, connecting: bool) -> str | None:
    """Say in words why the database cannot answer.

    Args:
        error: What asyncpg raised.
        connecting: It happened before any statement was sent, so whatever
            PostgreSQL said is about the login and not about SQL of ours.

    Returns:
        None where the error is no outage.
    """
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, socket.gaierror):
        return "its host name is not known"
    if isinstance(error, ConnectionRefusedError | FileNotFoundError):
        return "nothing listens there"
    if isinstance(error, OSError):
        return error.strerror or str(error)
    expected = _SERVER_GONE + _REFUSED_AT_LOGIN if connecting else _SERVER_GONE
    return str(error) if isinstance(error, expected) else None
